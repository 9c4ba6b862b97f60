package org.ringproof.sample.guide;

public class CallConnectionService extends android.telecom.ConnectionService {
}
