package org.ringproof.sample.guide.devicetest;

import org.ringproof.sample.common.TestPushReceiver;

/** Test door: see {@link TestPushReceiver}. Leave it out of a release build. */
public class PushReceiver extends TestPushReceiver {
}
