package org.ringproof.sample;

public class CallConnectionService extends android.telecom.ConnectionService {
}
