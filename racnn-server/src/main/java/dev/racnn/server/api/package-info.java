/** The routes of the service and the JSON that they speak. What they promise is in the OpenAPI document made from them. */
@NullMarked
package dev.racnn.server.api;

import org.jspecify.annotations.NullMarked;
