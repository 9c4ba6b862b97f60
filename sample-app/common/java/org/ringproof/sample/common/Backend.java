package org.ringproof.sample.common;

import java.util.Map;

/**
 * The server of the calls, and the media: what a vendor's SDK is in a real app. An answer always
 * comes later, on the main thread, and may be a failure: a phone that a push woke has often no
 * network yet.
 */
public interface Backend {

    /** The answer to one request. */
    interface Callback {
        void onSuccess();

        void onFailure(String reason);
    }

    /** The answer to {@link #start}. */
    interface StartCallback {
        void onStarted(String session);

        void onFailure(String reason);
    }

    /** What the server says by itself, over the connection that a logged-in process has. */
    interface Listener {
        /** The callee took the call. */
        void onAnswered(String session);

        /**
         * Something happened to a call of this user, in the words of a push. The server pushes it,
         * too, since it cannot know which of the two a phone gets: the push comes before, after,
         * or never.
         */
        void onSignal(Map<String, String> data);
    }

    void setListener(Listener listener);

    /**
     * Resumes the stored session of a user. It needs no network: requests that follow at once wait
     * for it. It must happen in every process, also in one that a push started without any screen,
     * or the first answer fails.
     */
    void login(String user);

    void logout();

    boolean isLoggedIn();

    /** Tells the server where this phone's pushes go. Only while logged in. */
    void registerToken(String token, Callback callback);

    /** Calls somebody: the server makes a session and pushes it to the callee's phones. */
    void start(String callee, boolean video, StartCallback callback);

    /** Takes a call: the caller's side is told, and other phones of the user stop to ring. */
    void accept(String session, Callback callback);

    /** Declines a call. */
    void reject(String session, Callback callback);

    /** Declines a call because this phone already has one. */
    void busy(String session, Callback callback);

    /** Ends a call for both sides. */
    void end(String session, Callback callback);

    /** Connects the media. After success both sides hear each other. */
    void join(String session, Callback callback);

    /** Takes the media down. Harmless without {@link #join}. */
    void leave(String session);

    boolean isJoined(String session);

    /** Stops to send the microphone. */
    void setMuted(String session, boolean muted);

    /** Stops media in both directions, as when another call takes over. */
    void setHeld(String session, boolean held);
}
