package org.ringproof.jvm;

import java.util.ArrayList;
import java.util.List;

/**
 * The calls that the app makes on the framework, in their order, one line each. The lines are those of fixtures/vectors; its README has their grammar. Notifications
 * and connections are numbered as they appear (n1, c1), since their ids are the app's own business.
 */
public final class Calls {
  private static final List<String> LINES = new ArrayList<>();
  private static final List<Object> NOTIFICATIONS = new ArrayList<>();
  private static final List<Object> CONNECTIONS = new ArrayList<>();

  private Calls() {}

  public static void add(String line) {
    LINES.add(line);
  }

  /** The call that was added last threw. */
  public static void threw(Throwable t) {
    int last = LINES.size() - 1;
    LINES.set(last, LINES.get(last) + " throws=" + t.getClass().getSimpleName());
  }

  /** The lines since the last take. */
  public static List<String> take() {
    List<String> out = new ArrayList<>(LINES);
    LINES.clear();
    return out;
  }

  /** The lines so far that start with a word, which stay. */
  public static List<String> starting(String word) {
    List<String> out = new ArrayList<>();
    for (String l : LINES) {
      if (l.equals(word) || l.startsWith(word + " ")) {
        out.add(l);
      }
    }
    return out;
  }

  public static List<String> all() {
    return new ArrayList<>(LINES);
  }

  public static String notification(Object id) {
    return "n" + (place(NOTIFICATIONS, id) + 1);
  }

  public static String connection(Object c) {
    return "c" + (place(CONNECTIONS, c) + 1);
  }

  /** Whether a connection was given to Telecom, so that what it does is told. */
  public static boolean returned(Object c) {
    for (Object o : CONNECTIONS) {
      if (o == c) {
        return true;
      }
    }
    return false;
  }

  private static int place(List<Object> list, Object what) {
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i) == what || what instanceof Integer && list.get(i).equals(what)) {
        return i;
      }
    }
    list.add(what);
    return list.size() - 1;
  }

  public static void reset() {
    LINES.clear();
    NOTIFICATIONS.clear();
    CONNECTIONS.clear();
  }
}
