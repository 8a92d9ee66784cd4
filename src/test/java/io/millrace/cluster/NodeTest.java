package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.time.SettableTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NodeTest {

    private static final Duration LEASE = Duration.ofSeconds(10);

    private static final class Rows implements Node.Rows {

        private final SettableTicker ticker;
        private final List<String> renewed = new ArrayList<>();
        private final List<String> deleted = new ArrayList<>();
        private final Set<String> asked = new LinkedHashSet<>();
        private Duration takes = Duration.ZERO;
        private boolean away;
        private int forgotten;
        private long others;

        Rows(SettableTicker ticker) {
            this.ticker = ticker;
        }

        @Override
        public long renew(String name, @Nullable String address, Duration lease) {
            asked.add(address + " for " + lease);
            ticker.advance(takes);
            if (away) {
                throw new IllegalStateException("PostgreSQL is away");
            }
            renewed.add(name);
            return others;
        }

        @Override
        public void delete(String name) {
            deleted.add(name);
        }

        @Override
        public void forgetDead() {
            forgotten++;
        }
    }

    private final SettableTicker ticker = SettableTicker.standing();
    private final Rows rows = new Rows(ticker);
    private final Node node = new Node(rows, LEASE, ticker);

    @Test
    void itHoldsNothingBeforeItsRowIsWritten() {
        assertThat(node.holds(node.name())).isFalse();

        assertThat(node.renew()).isTrue();

        assertThat(node.holds(node.name())).isTrue();
        assertThat(rows.renewed).containsExactly(node.name());
    }

    @Test
    void itKeepsItsNameAsLongAsItRenewsInTime() {
        node.renew();
        String name = node.name();

        for (int i = 0; i < 10; i++) {
            ticker.advance(Duration.ofSeconds(7));
            assertThat(node.renew()).isFalse();
        }

        assertThat(node.holds(name)).isTrue();
    }

    @Test
    void itStopsTrustingTheLeaseBeforeTheRowRunsOutAndGoesOnUnderANewName() {
        node.renew();
        String name = node.name();
        assertHeldFor(Duration.ofSeconds(8));

        assertThat(node.renew()).isTrue();

        assertThat(node.holds(name)).isFalse();
        assertThat(node.name()).isNotEqualTo(name);
        assertThat(node.holds(node.name())).isTrue();
    }

    @Test
    void aRenewalThatEndsTooLateDoesNotCount() {
        node.renew();
        String name = node.name();
        ticker.advance(Duration.ofSeconds(5));
        rows.takes = Duration.ofSeconds(4);

        assertThat(node.renew()).isTrue();

        assertThat(node.holds(name)).isFalse();
    }

    @Test
    void theLeaseCountsFromBeforeTheRowIsWritten() {
        node.renew();
        rows.takes = Duration.ofSeconds(3);
        node.renew();
        assertHeldFor(Duration.ofSeconds(5));
    }

    @Test
    void soDoesThatOfANewName() {
        rows.takes = Duration.ofSeconds(3);
        node.renew();
        assertHeldFor(Duration.ofSeconds(5));
    }

    /** To the nanosecond, and no longer. */
    private void assertHeldFor(Duration left) {
        String name = node.name();
        ticker.advance(left.minusNanos(1));
        assertThat(node.holds(name)).isTrue();
        ticker.advance(Duration.ofNanos(1));
        assertThat(node.holds(name)).isFalse();
    }

    @Test
    void aNewNameThatCouldNotBeWrittenIsNotTaken() {
        String name = node.name();
        rows.away = true;

        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(node::renew);

        assertThat(node.name()).isEqualTo(name);
        assertThat(node.holds(name)).isFalse();
    }

    @Test
    void aRenewalThatCouldNotBeWrittenExtendsNothing() {
        node.renew();
        ticker.advance(Duration.ofSeconds(5));
        rows.away = true;
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(node::renew);
        ticker.advance(Duration.ofSeconds(3));

        assertThat(node.holds(node.name())).isFalse();
    }

    @Test
    void aLeaseThatIsGivenBackIsNoLongerHeld() {
        node.renew();
        String name = node.name();

        node.leave();

        assertThat(node.holds(name)).isFalse();
        assertThat(rows.deleted).containsExactly(name);
    }

    @Test
    void theRowNamesTheAddressAndHasTheWholeLease() {
        node.renew();
        node.listensAt("http://here");
        node.renew();

        assertThat(rows.asked).containsExactly("null for PT10S", "http://here for PT10S");
    }

    @Test
    void deadNodesAreForgottenWithEachNewName() {
        node.renew();
        node.renew();
        assertThat(rows.forgotten).isEqualTo(1);
        ticker.advance(LEASE);
        node.renew();
        assertThat(rows.forgotten).isEqualTo(2);
    }

    @Test
    void othersAreKnownByTheirRowsOrTheirMessages() {
        node.renew();
        assertThat(node.hasPeers()).isFalse();
        node.met();
        assertThat(node.hasPeers()).isTrue();
        node.renew();
        assertThat(node.hasPeers()).isFalse();
        rows.others = 1;
        node.renew();
        assertThat(node.hasPeers()).isTrue();
    }
}
