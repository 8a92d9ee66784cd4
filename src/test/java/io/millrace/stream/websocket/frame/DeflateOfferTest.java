package io.millrace.stream.websocket.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeflateOfferTest {

    private static final String ACCEPTED = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate",
                "permessage-deflate; client_max_window_bits", // Chromium and Node.js
                " permessage-deflate ;client_max_window_bits=8",
                "permessage-deflate; client_max_window_bits=\"15\"",
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
                "x-webkit-deflate-frame, permessage-deflate",
                "permessage-deflate; server_max_window_bits=10, permessage-deflate",
            })
    void isAccepted(String offered) {
        assertThat(DeflateOffer.answer(List.of(offered))).isEqualTo(ACCEPTED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ";",
                ",",
                "permessage-bzip2",
                "permessage-deflate;",
                "permessage-deflate; speed=9",
                "permessage-deflate; server_no_context_takeover=1",
                "permessage-deflate; client_no_context_takeover; client_no_context_takeover",
                "permessage-deflate; client_max_window_bits; client_max_window_bits=10",
                "permessage-deflate; client_max_window_bits=7",
                "permessage-deflate; client_max_window_bits=16",
                "permessage-deflate; client_max_window_bits=08",
                "permessage-deflate; client_max_window_bits=",
                "permessage-deflate; client_max_window_bits=\"15",
                "permessage-deflate; server_max_window_bits",
                "permessage-deflate; server_max_window_bits=12",
            })
    void isDeclined(String offered) {
        assertThat(DeflateOffer.answer(List.of(offered))).isNull();
    }

    @Test
    void aLimitOf15BitsIsRepeatedAsTheRfcRequires() {
        assertThat(DeflateOffer.answer(List.of("permessage-deflate; server_max_window_bits=15")))
                .isEqualTo(ACCEPTED + "; server_max_window_bits=15");
    }

    @Test
    void theFirstAcceptableOfferOfSeveralHeadersIsAccepted() {
        assertThat(DeflateOffer.answer(List.of("bbf-usp-protocol", "permessage-deflate; server_max_window_bits=15")))
                .startsWith(ACCEPTED);
        assertThat(DeflateOffer.answer(List.of())).isNull();
    }
}
