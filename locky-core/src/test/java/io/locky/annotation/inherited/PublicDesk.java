package io.locky.annotation.inherited;

/**
 * For its public methods, the compiler makes bridges to those of a class that others do
 * not see.
 */
public class PublicDesk extends HiddenDesk {

}
