/** AutoAttack (Croce and Hein, 2020) with the defaults of its revision a392200: its attacks, and the suite made of them. */
@NullMarked
package dev.racnn.attack.autoattack;

import org.jspecify.annotations.NullMarked;
