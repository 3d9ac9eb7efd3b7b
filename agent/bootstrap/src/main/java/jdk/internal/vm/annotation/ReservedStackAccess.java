package jdk.internal.vm.annotation;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Stands in, at compile time only, for the JDK's own annotation, which {@code --release} hides. It is left out of the jar.
 * HotSpot knows it by name and honours it in classes of the boot loader: a method that carries it may use the reserved zone at
 * the end of the stack, and a StackOverflowError is held back until it returns.
 */
@Target({ElementType.METHOD, ElementType.CONSTRUCTOR})
@Retention(RetentionPolicy.RUNTIME)
public @interface ReservedStackAccess {}
