package org.ringproof.sample;

public class IncomingCallActivity extends android.app.Activity {
}
