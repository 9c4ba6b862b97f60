package org.ringproof.sample.guide;

public class CallActivity extends android.app.Activity {
}
