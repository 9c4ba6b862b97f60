package org.ringproof.sample;

import android.telecom.CallEndpoint;

/**
 * The callbacks of Android 14, in a class of their own: older releases lack the classes in their
 * signatures and never load this one.
 */
final class CallConnectionApi34 extends CallConnection {

    CallConnectionApi34(SampleApplication app, Call call) {
        super(app, call);
    }

    @Override
    public void onCallEndpointChanged(CallEndpoint endpoint) {
        trace("onCallEndpointChanged", String.valueOf(endpoint.getEndpointType()));
    }

    @Override
    public void onMuteStateChanged(boolean muted) {
        trace("onMuteStateChanged", String.valueOf(muted));
    }
}
