package org.ringproof.jvm;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.json.JSONArray;
import org.json.JSONObject;

/** The payloads of the project's fixtures folder. */
public final class Payloads {
  private Payloads() {}

  static File fixtures(String path) {
    return new File(System.getProperty("ringproof.fixtures"), path);
  }

  /** The payload "vendor/name" with a session, sent some time ago by the phone's clock. */
  public static Map<String, String> of(String name, String session, long agoMillis) {
    String vendor = name.substring(0, name.indexOf('/'));
    try {
      String text = new String(Files.readAllBytes(fixtures("payloads/" + vendor + ".json").toPath()), StandardCharsets.UTF_8);
      JSONArray all = new JSONObject(text).getJSONArray("payloads");
      for (int i = 0; i < all.length(); i++) {
        JSONObject p = all.getJSONObject(i);
        if (p.getString("name").equals(name.substring(name.indexOf('/') + 1))) {
          Map<String, String> out = new LinkedHashMap<>();
          JSONObject data = p.getJSONObject("data");
          for (Iterator<String> k = data.keys(); k.hasNext(); ) {
            String key = k.next();
            out.put(key, data.getString(key).replace("{{session}}", session)
                .replace("{{sentAt}}", Long.toString(System.currentTimeMillis() - agoMillis)));
          }
          return out;
        }
      }
    } catch (java.io.IOException | org.json.JSONException e) {
      throw new AssertionError(e);
    }
    throw new AssertionError("no payload " + name);
  }

  public static Map<String, String> of(String name, String session) {
    return of(name, session, 0);
  }
}
