package org.ringproof.sample.devicetest;

import android.os.Parcel;
import android.os.Parcelable;
import org.ringproof.sample.CallData;

/**
 * Test door: what must not cross Telecom, for the defect {@link Defects#PARCELABLE_EXTRAS}. The
 * system's process does not know this class, and what it hands on has the boot class loader.
 */
public final class ParcelableCall implements Parcelable {

    public static final String EXTRA = "extra_call_data";

    public static final Creator<ParcelableCall> CREATOR = new Creator<ParcelableCall>() {
        @Override
        public ParcelableCall createFromParcel(Parcel in) {
            return new ParcelableCall(new CallData(in.readString(), in.readString(), in.readString(), in.readInt() != 0));
        }

        @Override
        public ParcelableCall[] newArray(int size) {
            return new ParcelableCall[size];
        }
    };

    public final CallData data;

    public ParcelableCall(CallData data) {
        this.data = data;
    }

    @Override
    public int describeContents() {
        return 0;
    }

    @Override
    public void writeToParcel(Parcel out, int flags) {
        out.writeString(data.session);
        out.writeString(data.uid);
        out.writeString(data.name);
        out.writeInt(data.video ? 1 : 0);
    }
}
