package device;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;
import android.os.Build;
import android.os.Bundle;
import java.lang.reflect.Method;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;
import org.wayhome.phone.ActionReceiver;
import org.wayhome.phone.BootReceiver;
import org.wayhome.phone.Device;
import org.wayhome.phone.ReminderReceiver;
import org.wayhome.phone.Scan;
import org.wayhome.phone.SendJob;
import org.wayhome.phone.ServiceWatch;

/** Does what a line says, and says what the device is like after it. */
public final class Harness {
    private static final Context CONTEXT = new Context();

    private Harness() {}

    public static void main(String[] arguments) throws Exception {
        String line;
        while ((line = World.IN.readLine()) != null) {
            JSONObject order = new JSONObject(line);
            JSONObject done = new JSONObject();
            try {
                Object given = obey(order);
                World.put(done, "done", given == null ? JSONObject.NULL : given);
            } catch (Exception fault) {
                fault.printStackTrace();
                World.put(done, "fault", String.valueOf(fault));
            }
            World.put(done, "alarms", new JSONArray(World.alarms.values()));
            World.put(done, "notices", new JSONObject(World.notices));
            World.put(done, "channels", new JSONObject(World.channels));
            World.OUT.println(done);
        }
    }

    private static Object obey(JSONObject order) throws Exception {
        switch (order.getString("do")) {
            case "be":
                be(order);
                return null;
            case "tap":
                receive(
                        new ActionReceiver(),
                        intent(order.getString("name"))
                                .putExtra("visit", order.optString("visit"))
                                .putExtra("key", order.optString("key")));
                return null;
            case "ring":
                receive(
                        new ReminderReceiver(),
                        intent("").putExtra("reminder", order.getString("reminder")));
                return null;
            case "boot":
                receive(new BootReceiver(), intent(order.getString("action")));
                return null;
            case "job":
                World.begin();
                new SendJob().onStartJob(null);
                World.await();
                return null;
            case "service":
                Intent intent = order.optBoolean("sticky") ? null : intent("");
                return new ServiceWatch().onStartCommand(intent, 0, 1);
            default:
                return port(order);
        }
    }

    private static Object port(JSONObject order) throws Exception {
        String text = order.optString("text");
        switch (order.getString("do")) {
            case "arm":
                Device.arm(CONTEXT, text);
                return null;
            case "show":
                Device.show(CONTEXT, text);
                return null;
            case "withdraw":
                Device.withdraw(CONTEXT, text);
                return null;
            case "signal":
                return Device.signal(CONTEXT);
            case "vibrate":
                Device.vibrate(CONTEXT, text);
                return null;
            case "say":
                return Device.say(CONTEXT, text);
            case "compose":
                return Device.composeText(CONTEXT, "+447700900900", text);
            case "look":
                Device.look(CONTEXT);
                return new JSONArray(Device.where(CONTEXT));
            case "where":
                double[] known = Device.where(CONTEXT);
                return known == null ? null : new JSONArray(known);
            case "watch":
                return Device.watch(CONTEXT);
            case "camera":
                return Scan.hasCamera(CONTEXT);
            case "scan":
                World.camera = text;
                return scan();
            case "ask":
                return Device.ask(new android.app.Activity(), text);
            default:
                throw new IllegalArgumentException(order.toString());
        }
    }

    /** Whether it began, and whatever was told; its window is opened as Android would. */
    private static JSONArray scan() throws ReflectiveOperationException {
        JSONArray told = new JSONArray();
        told.put(Scan.start(CONTEXT, () -> told.put(Scan.found())));
        Method opened = Scan.class.getDeclaredMethod("onCreate", Bundle.class);
        opened.setAccessible(true);
        opened.invoke(new Scan(), (Object) null);
        return told;
    }

    private static Intent intent(String action) {
        return new Intent().setAction(action);
    }

    private static void receive(BroadcastReceiver receiver, Intent intent) throws Exception {
        World.begin();
        receiver.onReceive(CONTEXT, intent);
        World.await();
    }

    private static void be(JSONObject order) throws JSONException {
        if (order.optBoolean("anew")) {
            World.alarms.clear();
            World.notices.clear();
            World.channels.clear();
            Device.stopLooking(CONTEXT);
        }
        World.files = order.optString("files", World.files);
        World.signal = order.optString("signal", World.signal);
        World.elapsedMs = (long) order.optDouble("elapsed_ms", World.elapsedMs);
        World.exact = order.optBoolean("exact", World.exact);
        World.exactTakenBack = order.optBoolean("exact_taken_back", World.exactTakenBack);
        World.notifications = order.optBoolean("notifications", World.notifications);
        World.fixAgeMs = (long) order.optDouble("fix_age_ms", World.fixAgeMs);
        World.reader = order.optBoolean("reader", World.reader);
        Build.VERSION.SDK_INT = order.optInt("sdk", Build.VERSION.SDK_INT);
        if (order.has("denied")) {
            World.denied.clear();
            JSONArray denied = order.getJSONArray("denied");
            for (int i = 0; i < denied.length(); i++) {
                World.denied.add(denied.getString(i));
            }
        }
    }
}
