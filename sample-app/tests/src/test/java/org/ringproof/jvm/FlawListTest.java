package org.ringproof.jvm;

import static org.junit.Assert.assertEquals;

import java.lang.reflect.Method;
import java.util.TreeMap;
import org.junit.Test;

/** Each of the guide's twenty-two flaws has its test, under its number and the name that the project's list has. */
public class FlawListTest {
  @Test
  public void theListIsWhole() {
    TreeMap<Integer, String> found = new TreeMap<>();
    int n = 0;
    for (Method m : FlawsTest.class.getMethods()) {
      Flaw f = m.getAnnotation(Flaw.class);
      if (f != null) {
        found.put(f.value(), f.name());
        n++;
      }
    }
    assertEquals("a number is given twice", n, found.size());
    assertEquals("{1=crash-at-start, 2=wrong-caller-key, 3=ignores-call-action, 4=no-incoming-ui, 5=parcelable-extras, 6=silent-failure, 7=trampoline,"
        + " 8=hidden-by-keyguard, 9=active-before-join, 10=no-foreground-service, 11=single-slot, 12=no-timeout, 13=drops-in-foreground, 14=no-dedupe, 15=tel-uri,"
        + " 16=missing-callbacks, 17=repeated-end, 18=leaves-on-destroy, 19=silent-notification, 20=, 21=not-logged-in, 22=}", found.toString());
  }
}
