package io.millrace.apidocs;

import java.util.regex.Pattern;

/**
 * Renders {@code docs/errors.md} as HTML, with the code of each error as the id of its section. It supports the
 * Markdown of that file only: headings, paragraphs, lists, emphasis and code.
 */
public final class ErrorPage {

    private static final Pattern BLANK_LINES = Pattern.compile("\n{2,}");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern EMPHASIS = Pattern.compile("\\*([^*`]+)\\*");

    private static final String OPENING = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Errors</title>
        <style>
        body { font: 1rem/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem }
        h2 { font-family: monospace; margin-top: 2.5rem }
        :target { background: #ffec99 }
        </style>
        </head>
        <body>
        """;

    private ErrorPage() {}

    public static String html(String markdown) {
        StringBuilder page = new StringBuilder(OPENING);
        for (String block : BLANK_LINES.split(markdown.strip())) {
            page.append(block(block)).append('\n');
        }
        return page.append("</body>\n</html>\n").toString();
    }

    private static String block(String block) {
        if (block.startsWith("# ")) {
            return "<h1>" + inline(block.substring(2)) + "</h1>";
        }
        if (block.startsWith("## ")) {
            String code = block.substring(3);
            return "<h2 id=\"" + escape(code) + "\">" + escape(code) + "</h2>";
        }
        if (block.startsWith("- ")) {
            return "<ul>\n<li>" + inline(block.substring(2)).replace("\n- ", "</li>\n<li>") + "</li>\n</ul>";
        }
        return "<p>" + inline(block) + "</p>";
    }

    private static String inline(String text) {
        String emphasised = EMPHASIS.matcher(escape(text)).replaceAll("<em>$1</em>");
        return CODE.matcher(emphasised).replaceAll("<code>$1</code>");
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
