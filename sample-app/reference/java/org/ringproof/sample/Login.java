package org.ringproof.sample;

import android.content.Context;
import android.content.SharedPreferences;
import org.ringproof.sample.common.Backend;
import org.ringproof.sample.common.Trace;

/**
 * Who uses the app, and where this phone's pushes go. Kept in device-protected storage, which can
 * be read before the first unlock after a restart: a call may come then. (A real app keeps there
 * what it needs to take a call, and no more.)
 */
public final class Login {

    private static final String USER = "user";
    private static final String TOKEN = "push_token";
    private static final String DEFAULT_USER = "ringproof-user";

    private final SharedPreferences stored;
    private final Backend backend;
    private final Trace trace;

    Login(Context context, Backend backend, Trace trace) {
        this.stored = context.createDeviceProtectedStorageContext().getSharedPreferences("login", Context.MODE_PRIVATE);
        this.backend = backend;
        this.trace = trace;
    }

    /** The user, "" after logging out. The sample begins logged in. */
    public String user() {
        return stored.getString(USER, DEFAULT_USER);
    }

    public boolean isLoggedIn() {
        return !user().isEmpty();
    }

    /** Takes up the stored session, in every process. */
    void resume() {
        if (isLoggedIn()) {
            backend.login(user());
            registerToken();
        }
    }

    void logIn() {
        stored.edit().putString(USER, DEFAULT_USER).apply();
        resume();
    }

    /** From here on no push of the last user may ring: the server is told late, or never. */
    void logOut() {
        stored.edit().putString(USER, "").apply();
        backend.logout();
    }

    /**
     * A new push token. It often comes before anybody is logged in, at the first start for one, so
     * it is kept and told to the server when there is a user.
     */
    void setToken(String token) {
        stored.edit().putString(TOKEN, token).apply();
        if (isLoggedIn()) {
            registerToken();
        }
    }

    private void registerToken() {
        String token = stored.getString(TOKEN, "");
        if (token.isEmpty()) {
            return;
        }
        backend.registerToken(token, new Backend.Callback() {
            @Override
            public void onSuccess() {
                trace.event("tokenRegistered", "");
            }

            @Override
            public void onFailure(String reason) {
                trace.event("tokenFailed", "", reason); // the next start tries again
            }
        });
    }
}
