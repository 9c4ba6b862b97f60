package org.ringproof.sample.guide;

public class IncomingCallActivity extends android.app.Activity {
}
