package org.ringproof.sample;

import android.net.Uri;
import android.os.Bundle;
import java.util.Map;

/**
 * What is known of a call before it is one: from the push, or from the user who calls somebody.
 *
 * <p>It crosses Telecom as strings in a Bundle, never as a Parcelable of its own: the Bundle is
 * opened in the system's process, which does not have this app's classes. Up to Android 12 the
 * whole Bundle is then emptied without a word; from 13 on reading it back throws unless one sets a
 * class loader.
 */
public final class CallData {

    static final String EXTRA_SESSION = "extra_session_id";
    private static final String EXTRA_CALLER = "extra_caller_name";
    private static final String EXTRA_UID = "extra_caller_uid";
    private static final String EXTRA_VIDEO = "extra_video";

    /** A user id is no telephone number: as {@code tel:} it could match a contact, or worse, 112. */
    static final String SCHEME = "sip";

    /** The server's id of the call. Everything in the app is found by it. */
    public final String session;
    /** The other side's id at the server. */
    public final String uid;
    /** The other side's name, for people. */
    public final String name;
    public final boolean video;

    public CallData(String session, String uid, String name, boolean video) {
        this.session = session;
        this.uid = uid;
        this.name = name;
        this.video = video;
    }

    /** The call of a push; null if the push lacks its session or its caller. */
    static CallData fromPush(Map<String, String> data, String callerKey) {
        String session = data.get("sessionId");
        String uid = data.get(callerKey);
        if (isEmpty(session) || isEmpty(uid)) {
            return null;
        }
        String name = data.get("senderName");
        return new CallData(session, uid, isEmpty(name) ? uid : name, "video".equals(data.get("callType")));
    }

    Uri address(String scheme) {
        return Uri.fromParts(scheme, uid, null);
    }

    Bundle toBundle() {
        Bundle bundle = new Bundle();
        bundle.putString(EXTRA_SESSION, session);
        bundle.putString(EXTRA_CALLER, name);
        bundle.putString(EXTRA_UID, uid);
        bundle.putBoolean(EXTRA_VIDEO, video);
        return bundle;
    }

    /** The session in extras that went through Telecom, under the given nested key or beside it; null if there is none. */
    static String sessionIn(Bundle extras, String nested) {
        if (extras == null) {
            return null;
        }
        String session = extras.getString(EXTRA_SESSION);
        Bundle inner = session == null ? extras.getBundle(nested) : null;
        return inner == null ? session : inner.getString(EXTRA_SESSION);
    }

    private static boolean isEmpty(String text) {
        return text == null || text.isEmpty();
    }
}
