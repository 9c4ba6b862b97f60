package org.ringproof.jvm;

/** Which app is on the class path, and how it is started. */
public final class Variant {
  /**
   * "reference" and "guide" are the apps as they are. "seeded" is the reference app with the one defect of the flaw at hand switched on, "mended" the guide's app with
   * everything mended that has a switch: the controls that a flaw's test fails and passes because of that flaw.
   */
  private static final String MODE = System.getProperty("ringproof.variant");

  public static final boolean SEEDED = "seeded".equals(MODE);
  public static final boolean MENDED = "mended".equals(MODE);
  public static final boolean GUIDE = "guide".equals(MODE) || MENDED;
  public static final String PACKAGE = GUIDE ? "org.ringproof.sample.guide" : "org.ringproof.sample";

  /** Whether a flaw's test has to fail. */
  static final boolean FLAWED = SEEDED || GUIDE && !MENDED;

  private Variant() {}
}
