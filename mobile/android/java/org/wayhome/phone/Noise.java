package org.wayhome.phone;

import android.content.Context;
import android.media.AudioAttributes;
import android.media.AudioManager;
import android.media.MediaPlayer;
import android.media.RingtoneManager;
import android.util.Log;
import java.io.IOException;

/** The loud noise, by the device's own alarm sound; only for those who chose it. */
public final class Noise {
    private static MediaPlayer player;
    private static int volumeBefore;

    private Noise() {}

    public static synchronized void start(Context context) {
        if (player != null) {
            return;
        }
        AudioManager audio = (AudioManager) context.getSystemService(Context.AUDIO_SERVICE);
        int stream = AudioManager.STREAM_ALARM;
        volumeBefore = audio.getStreamVolume(stream);
        audio.setStreamVolume(stream, audio.getStreamMaxVolume(stream), 0);
        MediaPlayer made = new MediaPlayer();
        try {
            made.setAudioAttributes(
                    new AudioAttributes.Builder().setUsage(AudioAttributes.USAGE_ALARM).build());
            made.setDataSource(
                    context, RingtoneManager.getDefaultUri(RingtoneManager.TYPE_ALARM));
            made.setLooping(true);
            made.prepare();
            made.start();
            player = made;
        } catch (IOException | IllegalStateException silent) {
            Log.w(Rules.LOG, "noise", silent);
            made.release();
            audio.setStreamVolume(stream, volumeBefore, 0);
        }
    }

    public static synchronized void stop(Context context) {
        if (player == null) {
            return;
        }
        player.stop();
        player.release();
        player = null;
        AudioManager audio = (AudioManager) context.getSystemService(Context.AUDIO_SERVICE);
        audio.setStreamVolume(AudioManager.STREAM_ALARM, volumeBefore, 0);
    }
}
