package org.ringproof.sample.guide;

import android.os.Parcel;
import android.os.Parcelable;

/**
 * Step 1.3: one call, as a Parcelable. Flaw 5: the guide sends it through Telecom. It fits between
 * components of one app; the system's process, where Telecom lives, has no such class.
 */
public class CallData implements Parcelable {

    public static final Creator<CallData> CREATOR = new Creator<CallData>() {
        @Override
        public CallData createFromParcel(Parcel in) {
            return new CallData(in);
        }

        @Override
        public CallData[] newArray(int size) {
            return new CallData[size];
        }
    };

    private final String sessionId;
    private final String callerName;
    private final String callerUid;
    private final String callType;
    private final String callerAvatar;

    public CallData(String sessionId, String callerName, String callerUid, String callType, String callerAvatar) {
        this.sessionId = sessionId;
        this.callerName = callerName;
        this.callerUid = callerUid;
        this.callType = callType;
        this.callerAvatar = callerAvatar;
    }

    protected CallData(Parcel in) {
        sessionId = in.readString();
        callerName = in.readString();
        callerUid = in.readString();
        callType = in.readString();
        callerAvatar = in.readString();
    }

    public String getSessionId() {
        return sessionId;
    }

    public String getCallerName() {
        return callerName;
    }

    public String getCallerUid() {
        return callerUid;
    }

    public String getCallType() {
        return callType;
    }

    public String getCallerAvatar() {
        return callerAvatar;
    }

    @Override
    public int describeContents() {
        return 0;
    }

    @Override
    public void writeToParcel(Parcel out, int flags) {
        out.writeString(sessionId);
        out.writeString(callerName);
        out.writeString(callerUid);
        out.writeString(callType);
        out.writeString(callerAvatar);
    }
}
