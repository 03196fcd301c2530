package org.wayhome.phone;

import android.app.Activity;
import android.content.Context;
import android.content.Intent;
import android.os.Bundle;
import android.util.Log;

/**
 * The camera, for an enrolment code: opens ZXing's scanner, which comes with the app and asks for the
 * camera itself, and tells what it saw. Nothing is told where she goes back or allows no camera: the
 * field for typing the code is still there.
 */
public final class Scan extends Activity {
    private static final String SCANNER = "com.journeyapps.barcodescanner.CaptureActivity";
    private static final String CAMERA = "android.hardware.camera.any";
    private static volatile Runnable teller;
    private static volatile String code = "";

    public static boolean hasCamera(Context context) {
        return context.getPackageManager().hasSystemFeature(CAMERA);
    }

    /** Begin; `tell` is run once a code was seen. */
    public static boolean start(Context context, Runnable tell) {
        teller = tell;
        code = "";
        Intent intent = new Intent();
        intent.setClassName(context.getPackageName(), Scan.class.getName());
        try {
            context.startActivity(intent);
            return true;
        } catch (RuntimeException missing) {
            Log.w(Rules.LOG, "scan", missing);
            return false;
        }
    }

    /** What was seen last; "" for nothing. */
    public static String found() {
        return code;
    }

    @Override
    protected void onCreate(Bundle before) {
        super.onCreate(before);
        // Made anew in the middle of it, as after a turn of the phone: the scanner is still there.
        if (before == null) {
            open();
        }
    }

    private void open() {
        Intent intent = new Intent("com.google.zxing.client.android.SCAN");
        intent.setClassName(getPackageName(), SCANNER);
        intent.putExtra("SCAN_FORMATS", "QR_CODE");
        intent.putExtra("PROMPT_MESSAGE", Rules.SCAN);
        intent.putExtra("BEEP_ENABLED", false);
        intent.putExtra("SCAN_ORIENTATION_LOCKED", false);
        try {
            startActivityForResult(intent, 1);
        } catch (RuntimeException missing) {
            Log.w(Rules.LOG, "scan", missing);
            finish();
        }
    }

    @Override
    protected void onActivityResult(int request, int result, Intent data) {
        String seen = result == RESULT_OK && data != null ? data.getStringExtra("SCAN_RESULT") : null;
        Runnable tell = teller;
        teller = null;
        if (seen != null && tell != null) {
            code = seen;
            tell.run();
        }
        finish();
    }
}
