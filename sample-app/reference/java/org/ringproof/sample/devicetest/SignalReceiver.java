package org.ringproof.sample.devicetest;

import org.ringproof.sample.common.TestSignalReceiver;

/** Test door: see {@link TestSignalReceiver}. Leave it out of a release build. */
public class SignalReceiver extends TestSignalReceiver {
}
