package io.millrace.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.remote.RemoteWebDriver;
import org.springframework.util.FileSystemUtils;

/**
 * A headless browser with an empty profile, from Debian's packages {@code chromium} and {@code chromium-driver}. It can
 * reach this machine only. It ends when it is closed, or with this JVM, even if that is killed.
 */
public final class Chromium implements AutoCloseable {

    private static final Path BROWSER = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

    /** The driver ends with its standard input, which only this JVM holds open. */
    private static final String UNTIL_INPUT_ENDS = """
        exec 3<&0 </dev/null
        "$@" 3<&- &
        driver=$!
        cat <&3 >/dev/null
        kill -KILL "$driver"
        """;

    private static final Pattern STARTED = Pattern.compile("started successfully on port (\\d+)");

    private static final String THIS_MACHINE =
            "--host-resolver-rules=MAP %s 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost";

    private static final List<String> ARGUMENTS = List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            // it is connected to the driver by a pipe and ends with it, instead of listening on a port
            "--remote-debugging-pipe",
            "--window-size=1200,1600");

    private final Process driver;
    private final Path profile;
    private final RemoteWebDriver browser;

    private Chromium(Process driver, Path profile, RemoteWebDriver browser) {
        this.driver = driver;
        this.profile = profile;
        this.browser = browser;
    }

    /** For {@code @EnabledIf}: whether it is installed. */
    public static boolean installed() {
        return Files.isExecutable(BROWSER) && Files.isExecutable(DRIVER);
    }

    public static Chromium start() throws IOException {
        return start("nowhere.invalid");
    }

    /** @param alias a name that also resolves to this machine */
    public static Chromium start(String alias) throws IOException {
        Path profile = Files.createTempDirectory("millrace-chromium-");
        Process driver = new ProcessBuilder("sh", "-c", UNTIL_INPUT_ENDS, "sh", DRIVER.toString(), "--port=0")
                .redirectErrorStream(true)
                .start();
        try {
            URI server = URI.create("http://127.0.0.1:" + port(driver));
            return new Chromium(driver, profile, new RemoteWebDriver(server.toURL(), options(profile, alias), false));
        } catch (IOException | RuntimeException failure) {
            end(driver, profile);
            throw failure;
        }
    }

    private static int port(Process driver) throws IOException {
        BufferedReader output = driver.inputReader(StandardCharsets.UTF_8);
        List<String> said = new ArrayList<>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            said.add(line);
            Matcher started = STARTED.matcher(line);
            if (started.find()) {
                // Discards further output, which would otherwise fill the pipe.
                Thread.ofVirtual().start(() -> output.lines().forEach(_ -> {}));
                return Integer.parseInt(started.group(1));
            }
        }
        throw new IOException("chromedriver does not start: " + said);
    }

    private static ChromeOptions options(Path profile, String alias) {
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(BROWSER.toString());
        options.addArguments(ARGUMENTS);
        options.addArguments(THIS_MACHINE.formatted(alias));
        options.addArguments("--user-data-dir=" + profile);
        options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
        return options;
    }

    public RemoteWebDriver browser() {
        return browser;
    }

    /** What the browser did on the network and elsewhere since the last call, as events of its debugger. */
    public List<String> events() {
        return browser.manage().logs().get(LogType.PERFORMANCE).getAll().stream()
                .map(entry -> entry.getMessage())
                .toList();
    }

    /** What pages and the browser wrote to the console since the last call. */
    public List<String> console() {
        return browser.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(entry -> entry.getMessage())
                .toList();
    }

    @Override
    public void close() throws IOException {
        try {
            browser.quit();
        } finally {
            end(driver, profile);
        }
    }

    private static void end(Process driver, Path profile) throws IOException {
        driver.getOutputStream().close();
        driver.onExit().join();
        FileSystemUtils.deleteRecursively(profile);
    }
}
