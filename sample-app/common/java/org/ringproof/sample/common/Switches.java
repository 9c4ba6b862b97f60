package org.ringproof.sample.common;

import android.content.Context;
import android.os.UserManager;
import android.util.Log;
import java.io.BufferedReader;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Test door: names in a file of the app, one a line, {@code #} before a remark. They are read when
 * the process starts and do not change while it lives, so that a run has one behaviour.
 */
public final class Switches {

    private final Set<String> on = new LinkedHashSet<String>();

    /**
     * Reads {@code files/<file>}. A name that is not known is traced as {@code <kind>.unknown}, each
     * other one as {@code <kind>}: a test that set a switch can see that it took.
     */
    public Switches(Context context, String file, String kind, String[] known, Trace trace) {
        Set<String> names = new HashSet<String>(Arrays.asList(known));
        for (String name : read(context, file)) {
            if (names.contains(name)) {
                on.add(name);
                trace.event(kind, "", name);
            } else {
                trace.event(kind + ".unknown", "", name);
            }
        }
    }

    public boolean has(String name) {
        return on.contains(name);
    }

    private static Set<String> read(Context context, String file) {
        Set<String> names = new LinkedHashSet<String>();
        UserManager users = context.getSystemService(UserManager.class);
        if (users != null && !users.isUserUnlocked()) {
            return names;
        }
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                new FileInputStream(new File(context.getFilesDir(), file)), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                int remark = line.indexOf('#');
                String name = (remark < 0 ? line : line.substring(0, remark)).trim();
                if (!name.isEmpty()) {
                    names.add(name);
                }
            }
        } catch (FileNotFoundException e) {
            return names; // no switches: the usual case
        } catch (IOException e) {
            Log.w(Trace.TAG, "switches: " + e);
        }
        return names;
    }
}
