package dev.racnn.server.api;

import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks what is done only for those who present the token: it changes candidates, runs an attack, or shows who did. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@SecurityRequirement(name = NeedsToken.SCHEME)
@interface NeedsToken {
    String SCHEME = "token";
}
