package org.ringproof.jvm;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.AssumptionViolatedException;
import org.junit.rules.TestRule;
import org.junit.runner.Description;
import org.junit.runners.model.Statement;

/** A test of one of the guide's flaws. The reference app must pass it. The guide's app must fail it, and for the very reason that the flaw names. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Flaw {
  int value();

  /** The name of the switch that mends it; "" where none does. */
  String name();

  /** What is wrong, as the failing assertion of the guide's app must say it. */
  String fact();

  /** Turns the expectation round for an app with the flaw: the test has to fail by an assertion that has the fact. Anything else is an error of the test. */
  final class Expected implements TestRule {
    Flaw flaw;

    @Override
    public Statement apply(Statement base, Description d) {
      flaw = d.getAnnotation(Flaw.class);
      if (flaw != null && flaw.name().isEmpty() && (Variant.SEEDED || Variant.MENDED)) {
        return new Statement() {
          @Override
          public void evaluate() {
            throw new AssumptionViolatedException("flaw " + flaw.value() + " has no switch");
          }
        };
      }
      if (!Variant.FLAWED) {
        return base;
      }
      return new Statement() {
        @Override
        public void evaluate() throws Throwable {
          if (flaw == null) {
            throw new IllegalStateException(d + " names no flaw");
          }
          try {
            base.evaluate();
          } catch (AssertionError e) {
            if (e.getMessage() != null && e.getMessage().contains(flaw.fact())) {
              return;
            }
            throw new IllegalStateException("the app fails for another reason than flaw " + flaw.value() + " (" + flaw.fact() + "): " + e.getMessage(), e);
          }
          throw new IllegalStateException("the app does not show flaw " + flaw.value() + ": " + flaw.fact());
        }
      };
    }
  }
}
