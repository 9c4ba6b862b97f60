package org.ringproof.sample;

import android.app.Activity;
import android.content.Intent;
import android.net.Uri;
import android.os.Build;
import android.os.Bundle;
import android.provider.Settings;
import android.view.View;
import android.widget.Button;
import android.widget.EditText;
import android.widget.TextView;
import java.util.List;

/** What is allowed and what is not, who is logged in, and a call to somebody. It asks for nothing by itself. */
public class MainActivity extends Activity {

    private static final String STATE_ASKED = "asked";

    private boolean asked;

    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        asked = state != null && state.getBoolean(STATE_ASKED);
        setContentView(R.layout.activity_main);
        if (!app().backend().isLoggedIn()) {
            app().login().resume();
        }
        findViewById(R.id.allow).setOnClickListener(new View.OnClickListener() {
            @Override
            public void onClick(View v) {
                allow();
            }
        });
        findViewById(R.id.login_button).setOnClickListener(new View.OnClickListener() {
            @Override
            public void onClick(View v) {
                if (app().login().isLoggedIn()) {
                    app().login().logOut();
                } else {
                    app().login().logIn();
                }
                refresh();
            }
        });
        findViewById(R.id.call).setOnClickListener(new View.OnClickListener() {
            @Override
            public void onClick(View v) {
                call(((EditText) findViewById(R.id.callee)).getText().toString().trim());
            }
        });
    }

    @Override
    protected void onResume() {
        super.onResume();
        refresh(); // the user may come back from the settings
    }

    @Override
    protected void onSaveInstanceState(Bundle state) {
        super.onSaveInstanceState(state);
        state.putBoolean(STATE_ASKED, asked);
    }

    @Override
    public void onRequestPermissionsResult(int request, String[] permissions, int[] results) {
        refresh();
    }

    private void refresh() {
        StringBuilder text = new StringBuilder();
        for (String permission : Permissions.missing(this)) {
            missing(text, Permissions.text(permission));
        }
        if (!Permissions.mayNotify(this) && Build.VERSION.SDK_INT < Build.VERSION_CODES.TIRAMISU) {
            missing(text, R.string.permission_notifications); // no permission yet, only a setting
        }
        if (!Permissions.mayFillScreen(this)) {
            missing(text, R.string.permission_full_screen);
        }
        findViewById(R.id.allow).setVisibility(text.length() == 0 ? View.GONE : View.VISIBLE);
        if (text.length() == 0) {
            text.append(getString(R.string.permissions_fine));
        }
        if (app().accounts().telecom() == null) {
            text.append('\n').append(getString(R.string.telecom_missing));
        }
        ((TextView) findViewById(R.id.permissions)).setText(text);

        boolean in = app().login().isLoggedIn();
        ((TextView) findViewById(R.id.login)).setText(
                in ? getString(R.string.logged_in, app().login().user()) : getString(R.string.logged_out));
        ((Button) findViewById(R.id.login_button)).setText(in ? R.string.log_out : R.string.log_in);
        findViewById(R.id.call).setEnabled(in);
    }

    private void missing(StringBuilder text, int what) {
        if (text.length() > 0) {
            text.append('\n');
        }
        text.append(getString(R.string.permission_missing, getString(what)));
    }

    /** Asks once by dialog; what the user denied for good can only be changed in the settings. */
    private void allow() {
        List<String> missing = Permissions.missing(this);
        boolean askable = false;
        for (String permission : missing) {
            askable |= !asked || shouldShowRequestPermissionRationale(permission);
        }
        if (askable) {
            asked = true;
            requestPermissions(missing.toArray(new String[0]), 0);
            return;
        }
        open();
    }

    private void open() {
        Uri app = Uri.fromParts("package", getPackageName(), null);
        String page = Settings.ACTION_APPLICATION_DETAILS_SETTINGS;
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.UPSIDE_DOWN_CAKE
                && Permissions.missing(this).isEmpty() && !Permissions.mayFillScreen(this)) {
            page = Settings.ACTION_MANAGE_APP_USE_FULL_SCREEN_INTENT;
        }
        startActivity(new Intent(page, app));
    }

    private void call(String callee) {
        final TextView message = findViewById(R.id.message);
        message.setText("");
        if (callee.isEmpty()) {
            return;
        }
        OutgoingCalls.start(app(), callee, false, new OutgoingCalls.Result() {
            @Override
            public void onStarted(Call call) {
                call.openScreen();
            }

            @Override
            public void onRefused(String reason) {
                message.setText(R.string.call_refused);
            }
        });
    }

    private SampleApplication app() {
        return SampleApplication.of(this);
    }
}
