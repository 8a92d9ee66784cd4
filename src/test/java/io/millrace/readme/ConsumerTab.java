package io.millrace.readme;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.remote.RemoteWebDriver;

/** A page that lists each record that it processes, in a tab of its own. All tabs are used by the same thread. */
final class ConsumerTab implements Consumer {

    private static final Pattern LINE = Pattern.compile("(\\d+) (\\d+) (\\S+) (\\d+)");
    private static final String LINES = "[...document.querySelectorAll('#records li')].map(line => line.textContent)";

    private final RemoteWebDriver browser;
    private final String window;
    private List<String> last = List.of();
    private boolean open = true;

    private ConsumerTab(RemoteWebDriver browser, String window) {
        this.browser = browser;
        this.window = window;
    }

    static ConsumerTab open(RemoteWebDriver browser, Path page) {
        browser.switchTo().newWindow(WindowType.TAB);
        browser.get(page.toUri().toString());
        return new ConsumerTab(browser, browser.getWindowHandle());
    }

    @Override
    public List<Seen> seen() {
        if (open) {
            last = lines("return " + LINES);
        }
        return last.stream().map(ConsumerTab::seen).toList();
    }

    private static Seen seen(String text) {
        Matcher found = LINE.matcher(text);
        if (!found.matches()) {
            throw new AssertionError("not a record: " + text);
        }
        return new Seen(
                Integer.parseInt(found.group(1)),
                Long.parseLong(found.group(2)),
                found.group(3),
                Long.parseLong(found.group(4)));
    }

    @Override
    public String trouble() {
        return open ? String.join("\n", lines("return [document.getElementById('state').textContent]")) : "closed";
    }

    /** Nothing is processed between reading the list and the end of the connection. */
    @Override
    public void kill() {
        last = lines("stopped = true; socket.close(); closed(1006); return " + LINES);
        close();
    }

    @Override
    public void stop() {
        last = lines("return " + LINES);
        close();
    }

    @SuppressWarnings("unchecked")
    private List<String> lines(String script) {
        browser.switchTo().window(window);
        return (List<String>) browser.executeScript(script);
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            browser.switchTo().window(window);
            browser.close();
            browser.switchTo().window(browser.getWindowHandles().iterator().next());
        }
    }
}
