package org.ringproof.sample;

public class MainActivity extends android.app.Activity {
}
