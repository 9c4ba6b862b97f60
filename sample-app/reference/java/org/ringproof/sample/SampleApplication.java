package org.ringproof.sample;

public class SampleApplication extends android.app.Application {
}
