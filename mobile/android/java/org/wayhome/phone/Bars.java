package org.wayhome.phone;

import android.app.Activity;
import android.graphics.Insets;
import android.os.Build;
import android.view.View;
import android.view.WindowInsets;

/** How much of each edge the system's bars and the keyboard cover, in pixels. */
public final class Bars {
    private static volatile int[] last = {0, 0, 0, 0};

    private Bars() {}

    /** {top, bottom, left, right} as last told. */
    public static int[] now() {
        return last.clone();
    }

    /** Follow them, and have `tell` run whenever they change. Views are touched on their thread. */
    public static void follow(Activity activity, Runnable tell) {
        activity.runOnUiThread(
                () -> {
                    View top = activity.getWindow().getDecorView();
                    top.setOnApplyWindowInsetsListener(
                            (view, insets) -> {
                                last = read(insets);
                                tell.run();
                                return view.onApplyWindowInsets(insets);
                            });
                    top.requestApplyInsets();
                });
    }

    private static int[] read(WindowInsets insets) {
        if (Build.VERSION.SDK_INT >= 30) {
            int types =
                    WindowInsets.Type.systemBars()
                            | WindowInsets.Type.displayCutout()
                            | WindowInsets.Type.ime();
            Insets covered = insets.getInsets(types);
            return new int[] {covered.top, covered.bottom, covered.left, covered.right};
        }
        return new int[] {
            insets.getSystemWindowInsetTop(),
            insets.getSystemWindowInsetBottom(),
            insets.getSystemWindowInsetLeft(),
            insets.getSystemWindowInsetRight(),
        };
    }
}
