package org.ringproof.sample.guide;

public class MainActivity extends android.app.Activity {
}
