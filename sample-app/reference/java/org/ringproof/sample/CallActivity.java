package org.ringproof.sample;

public class CallActivity extends android.app.Activity {
}
