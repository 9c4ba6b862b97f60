package org.ringproof.sample;

import android.Manifest;
import android.app.KeyguardManager;
import android.content.Intent;
import android.content.pm.PackageManager;
import android.media.AudioManager;
import android.telecom.CallAudioState;
import android.view.View;
import android.view.WindowManager;
import android.widget.Button;
import android.widget.Chronometer;
import android.widget.TextView;
import org.ringproof.sample.devicetest.Defects;

/**
 * The screen of an answered or outgoing call. Answer in the notification opens it with
 * {@link CallIntents#ACTION_ANSWER}. The back key closes the screen, not the call: its notification
 * leads back here.
 */
public class CallActivity extends CallScreen {

    @Override
    void createViews() {
        setContentView(R.layout.activity_call);
        getWindow().addFlags(WindowManager.LayoutParams.FLAG_KEEP_SCREEN_ON);
        setVolumeControlStream(AudioManager.STREAM_VOICE_CALL);
        on(R.id.end, new View.OnClickListener() {
            @Override
            public void onClick(View v) {
                call().hangUp();
            }
        });
        on(R.id.mute, new View.OnClickListener() {
            @Override
            public void onClick(View v) {
                call().setMuted(!call().isMuted());
            }
        });
        on(R.id.hold, new View.OnClickListener() {
            @Override
            public void onClick(View v) {
                if (call().isHeld()) {
                    call().unhold();
                } else {
                    call().hold();
                }
            }
        });
        on(R.id.speaker, new View.OnClickListener() {
            @Override
            public void onClick(View v) {
                toggleSpeaker();
            }
        });
        on(R.id.allow_microphone, new View.OnClickListener() {
            @Override
            public void onClick(View v) {
                askForMicrophone();
            }
        });
    }

    private void on(int id, final View.OnClickListener listener) {
        findViewById(id).setOnClickListener(new View.OnClickListener() {
            @Override
            public void onClick(View v) {
                if (call() != null) {
                    listener.onClick(v);
                }
            }
        });
    }

    @Override
    boolean accepts(Call call) {
        return call.phase() != Call.Phase.ENDED;
    }

    @Override
    void onShow(Intent intent) {
        if (CallIntents.ACTION_ANSWER.equals(intent.getAction())) {
            call().answer(); // once: a screen that is made again finds the call answered
        }
        if (app().defects().has(Defects.ACTIVE_BEFORE_JOIN) && call().phase() == Call.Phase.ACTIVE) {
            call().join();
        }
    }

    @Override
    protected void onResume() {
        super.onResume();
        if (call() != null) {
            onCallChanged(call());
            if (call().service() != null) {
                call().service().refresh(call());
            }
        }
    }

    @Override
    protected void onDestroy() {
        Call call = call();
        super.onDestroy();
        if (app().defects().has(Defects.LEAVES_ON_DESTROY) && call != null && app().backend().isJoined(call.data.session)) {
            app().trace().event("leaveSession", call.data.session);
            call.hangUp();
        }
    }

    @Override
    public boolean isQuestion() {
        return false;
    }

    /** Another call that was held or waits gets the screen; else the screen goes. */
    @Override
    public void close() {
        Call other = app().calls().answeredBeside(call());
        if (other == null) {
            super.close();
            return;
        }
        setIntent(CallIntents.of(this, other.data.session, CallActivity.class, null));
        show(other);
    }

    @Override
    public void onCallChanged(Call call) {
        ((TextView) findViewById(R.id.caller)).setText(call.data.name);
        ((TextView) findViewById(R.id.status)).setText(status(call));
        Chronometer duration = findViewById(R.id.duration);
        if (call.activeSince() != 0) {
            duration.setBase(call.activeSince());
            duration.setVisibility(View.VISIBLE);
            duration.start();
        } else {
            duration.stop();
            duration.setVisibility(View.INVISIBLE);
        }
        label(R.id.mute, call.isMuted(), R.string.unmute, R.string.unmute_description,
                R.string.mute, R.string.mute_description);
        label(R.id.hold, call.isHeld(), R.string.resume, R.string.resume_description,
                R.string.hold, R.string.hold_description);
        label(R.id.speaker, isOnSpeaker(), R.string.earpiece, R.string.earpiece_description,
                R.string.speaker, R.string.speaker_description);
        findViewById(R.id.mute).setEnabled(call.phase() == Call.Phase.ACTIVE);
        findViewById(R.id.hold).setEnabled(call.phase() == Call.Phase.ACTIVE);
        // Routes are Telecom's: without its connection there is nothing to switch.
        findViewById(R.id.speaker).setEnabled(call.connection() != null);
        findViewById(R.id.microphone_banner).setVisibility(mayRecord() ? View.GONE : View.VISIBLE);
    }

    private static int status(Call call) {
        switch (call.phase()) {
            case DIALING:
                return R.string.state_dialing;
            case ACTIVE:
                return call.isHeld() ? R.string.state_held : R.string.ongoing_call;
            case ENDED:
                return R.string.call_ended;
            default:
                return R.string.state_connecting;
        }
    }

    private void label(int id, boolean on, int onText, int onDescription, int offText, int offDescription) {
        Button button = findViewById(id);
        button.setText(on ? onText : offText);
        button.setContentDescription(getText(on ? onDescription : offDescription));
    }

    @SuppressWarnings("deprecation") // CallAudioState works on every release; endpoints only from 34 on
    private boolean isOnSpeaker() {
        CallConnection connection = call().connection();
        CallAudioState state = connection == null ? null : connection.getCallAudioState();
        return state != null && state.getRoute() == CallAudioState.ROUTE_SPEAKER;
    }

    @SuppressWarnings("deprecation")
    private void toggleSpeaker() {
        CallConnection connection = call().connection();
        if (connection != null) {
            // "Off" is whatever lies nearer: the headset with a wire, or the earpiece.
            connection.setAudioRoute(
                    isOnSpeaker() ? CallAudioState.ROUTE_WIRED_OR_EARPIECE : CallAudioState.ROUTE_SPEAKER);
        }
    }

    private boolean mayRecord() {
        return checkSelfPermission(Manifest.permission.RECORD_AUDIO) == PackageManager.PERMISSION_GRANTED;
    }

    /** The system's question lies behind the lock screen, so that has to go first. */
    private void askForMicrophone() {
        KeyguardManager keyguard = getSystemService(KeyguardManager.class);
        if (keyguard != null && keyguard.isKeyguardLocked()) {
            keyguard.requestDismissKeyguard(this, null);
        }
        requestPermissions(new String[] {Manifest.permission.RECORD_AUDIO}, 0);
    }
}
