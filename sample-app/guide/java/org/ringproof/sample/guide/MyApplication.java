package org.ringproof.sample.guide;

public class MyApplication extends android.app.Application {
}
