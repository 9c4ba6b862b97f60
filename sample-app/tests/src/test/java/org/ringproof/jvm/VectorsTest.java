package org.ringproof.jvm;

import static org.junit.Assert.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;
import org.junit.After;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.ParameterizedRobolectricTestRunner;
import org.robolectric.annotation.experimental.LazyApplication;
import org.robolectric.annotation.experimental.LazyApplication.LazyLoad;

/** The conformance vectors of fixtures/vectors (its README says what they are). The Go model of the app has the same ones. */
@RunWith(ParameterizedRobolectricTestRunner.class)
@LazyApplication(LazyLoad.ON)
public class VectorsTest {
  private final String text;

  public VectorsTest(String name, String text) {
    this.text = text;
  }

  @ParameterizedRobolectricTestRunner.Parameters(name = "{0}")
  public static List<Object[]> vectors() throws Exception {
    List<Object[]> out = new ArrayList<>();
    java.io.File[] files = Payloads.fixtures("vectors").listFiles((dir, name) -> name.endsWith(".json"));
    Arrays.sort(files);
    for (java.io.File f : files) {
      // Split by hand: outside of a test there is no org.json. A vector begins in the second column.
      for (String one : new String(Files.readAllBytes(f.toPath()), StandardCharsets.UTF_8).split("\n (?=\\{)")) {
        if (one.startsWith("{")) {
          String name = one.substring(10, one.indexOf('"', 10));
          out.add(new Object[] {name, one.trim().replaceAll("[,\\]\\s]+$", "")});
        }
      }
    }
    int named = 0;
    for (java.io.File f : files) {
      named += new String(Files.readAllBytes(f.toPath()), StandardCharsets.UTF_8).split("\"steps\":", -1).length - 1;
    }
    if (named < 50 || named != out.size()) {
      throw new IllegalStateException("of " + named + " vectors " + out.size() + " were found: each begins in the second column of a line of its own");
    }
    return out;
  }

  @Test
  public void answers() throws Exception {
    JSONObject v = new JSONObject(text);
    Phone p = given(v.optJSONObject("given"));
    JSONArray steps = v.getJSONArray("steps");
    for (int i = 0; i < steps.length(); i++) {
      JSONObject s = steps.getJSONObject(i);
      play(p, s);
      if (!s.optBoolean("atOnce")) {
        List<String> want = new ArrayList<>();
        for (int k = 0; k < s.getJSONArray("calls").length(); k++) {
          want.add(s.getJSONArray("calls").getString(k));
        }
        assertEquals("step " + (i + 1), String.join("\n", want), String.join("\n", Calls.take()));
      }
    }
  }

  private static Phone given(JSONObject g) throws JSONException {
    Phone p = Phone.start();
    if (g == null) {
      g = new JSONObject();
    }
    if (!g.optString("process").equals("cold")) {
      Calls.take();
    }
    JSONArray denied = g.optJSONArray("denied");
    for (int i = 0; denied != null && i < denied.length(); i++) {
      p.deny(denied.getString(i));
    }
    p.locked = g.optBoolean("locked");
    p.screenOn = !p.locked;
    p.unregistered = g.optBoolean("noAccount");
    if (g.has("backendFails")) {
      p.backendFails(g.getString("backendFails"));
    }
    if (g.optBoolean("open")) {
      p.launch(".MainActivity");
      Calls.take();
    }
    NotificationShadow.fullScreenAllowed = !g.optBoolean("noFullScreen");
    return p;
  }

  private static void play(Phone p, JSONObject s) throws JSONException {
    if (s.has("push") || s.has("signal")) {
      Map<String, String> data = Payloads.of(s.has("push") ? s.getString("push") : s.getString("signal"), s.getString("session"), s.optLong("agoMS"));
      JSONObject with = s.optJSONObject("with");
      for (Iterator<String> k = with == null ? null : with.keys(); k != null && k.hasNext(); ) {
        String key = k.next();
        data.put(key, with.getString(key));
        if (with.getString(key).isEmpty()) {
          data.remove(key);
        }
      }
      if (s.has("push")) {
        p.deliver(data);
      } else {
        p.signal(data);
      }
      if (!s.optBoolean("atOnce")) {
        p.settle();
      }
    } else if (s.has("place")) {
      p.place(s.getString("place"), s.getString("session"));
    } else if (s.has("telecom")) {
      p.telecom(s.getString("telecom"), s.getInt("call"));
    } else if (s.has("press")) {
      p.press(s.getString("press"));
    } else if (s.has("tap")) {
      p.tap(s.getString("tap"));
    } else if (s.has("passMS")) {
      p.pass(Duration.ofMillis(s.getLong("passMS")));
    } else {
      throw new AssertionError("a step without a deed: " + s);
    }
  }

  @After
  public void switchOff() {
    Phone.reset();
  }
}
