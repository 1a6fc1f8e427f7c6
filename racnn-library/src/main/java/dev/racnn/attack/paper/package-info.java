/** The paper's five attacks with the semantics of the library it used, Foolbox at revision 2d468cb6. */
@NullMarked
package dev.racnn.attack.paper;

import org.jspecify.annotations.NullMarked;
