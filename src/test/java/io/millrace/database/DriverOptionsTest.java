package io.millrace.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DriverOptionsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://a,b/hub",
                "jdbc:postgresql://a,b/hub?targetServerType=primary",
                "jdbc:postgresql://a,b/hub?targetServerType=primary&sslmode=disable",
                "jdbc:postgresql://a,b/hub?sslmode=disable&socketTimeout=5",
                "jdbc:postgresql://a,b/hub?loadBalanceHosts=false&sslmode=disable&targetServerType=any&socketTimeout=5"
            })
    void followersAreStandbysInTurnThatAreGivenUpSoon(String url) {
        String followers = DriverOptions.forFollowers(DriverOptions.addTo(url));

        assertThat(followers).startsWith("jdbc:postgresql://a,b/hub?");
        assertThat(followers.substring(followers.indexOf('?') + 1).split("&"))
                .contains("targetServerType=secondary", "loadBalanceHosts=true", "socketTimeout=2", "connectTimeout=3")
                .doesNotContain("")
                .extracting(option -> option.replaceAll("=.*", ""))
                .doesNotHaveDuplicates();
    }
}
