package dev.racnn.server.page;

import dev.racnn.server.ServerSettings;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.exceptions.HttpStatusException;
import io.swagger.v3.oas.annotations.Hidden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The page, read once at the start: no request names a file. */
@Controller
@Hidden
class PageController {
    private static final String INDEX = "index.html";
    private static final List<String> PARTS = List.of(
            "app.js",
            "api.js",
            "state.js",
            "parts.js",
            "classify.js",
            "attack.js",
            "candidates.js",
            "report.js",
            "style.css",
            "icon.svg");

    /** The report has its styles in it, and no script. */
    private static final String REPORT_POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox";

    private final PageFile index;
    private final Map<String, PageFile> parts = new HashMap<>();
    private final @Nullable PageFile report;

    PageController(ServerSettings settings) throws IOException {
        index = PageFile.own(INDEX);
        for (String part : PARTS) {
            parts.put(part, PageFile.own(part));
        }
        parts.put("lit-html.js", PageFile.library());
        Path file = settings.report();
        report = file == null ? null : PageFile.of(Files.readAllBytes(file), index.type());
    }

    @Get("/")
    HttpResponse<byte[]> index(HttpRequest<?> request) {
        return answer(request, index);
    }

    @Get("/app/{name}")
    HttpResponse<byte[]> part(HttpRequest<?> request, @PathVariable String name) {
        return answer(request, parts.get(name));
    }

    @Get("/report")
    HttpResponse<byte[]> report(HttpRequest<?> request) {
        return answer(request, report).header("Content-Security-Policy", REPORT_POLICY);
    }

    private static MutableHttpResponse<byte[]> answer(HttpRequest<?> request, @Nullable PageFile file) {
        if (file == null) {
            throw new HttpStatusException(HttpStatus.NOT_FOUND, "the page has no such part");
        }
        boolean known = file.tag().equals(request.getHeaders().get(HttpHeaders.IF_NONE_MATCH));
        MutableHttpResponse<byte[]> answer = known ? HttpResponse.notModified() : HttpResponse.ok(file.content());
        return answer.contentType(file.type())
                .header(HttpHeaders.ETAG, file.tag())
                .header(HttpHeaders.CACHE_CONTROL, "no-cache");
    }
}
