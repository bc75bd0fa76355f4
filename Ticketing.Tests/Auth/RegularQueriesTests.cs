using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Ticketing.Auth.Keys;
using Ticketing.Auth.Sessions;
using Ticketing.Auth.Users;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Auth;

/// <summary>What Auth does all the time reads no table that grows from end to end.</summary>
public sealed class RegularQueriesTests(Servers servers)
{
    private static readonly string[] Growing = ["users", "refresh_families", "refresh_tokens", "deleted_users", "outbox"];

    private const string Fill =
        """
        INSERT INTO users (id, email, normalized_email, password_hash, security_stamp, concurrency_stamp)
        SELECT gen_random_uuid(), 'u' || n || CASE WHEN n % 1000 = 0 THEN 'ü' ELSE '' END || '@example.test',
            'u' || n || CASE WHEN n % 1000 = 0 THEN 'ü' ELSE '' END || '@example.test', '', '', ''
        FROM generate_series(1, 30000) AS n;
        INSERT INTO refresh_families (id, user_id, security_stamp, created_at) SELECT gen_random_uuid(), id, '', now() FROM users;
        INSERT INTO refresh_tokens (hash, family_id, expires_at)
        SELECT sha256(uuid_send(id)), id, now() + CASE WHEN row_number() OVER () % 20 = 0 THEN interval '-3 days' ELSE interval '9 days' END
        FROM refresh_families;
        INSERT INTO deleted_users SELECT gen_random_uuid() FROM generate_series(1, 10000);
        INSERT INTO outbox (type, body, next_attempt_at) SELECT 'UserDeleted', '{}', 'infinity' FROM generate_series(1, 5000)
        """;

    [Fact]
    public async Task They_read_no_growing_table_from_end_to_end() => (await ScannedAsync(Fill)).ShouldBeEmpty();

    [Fact]
    public async Task Control_without_an_index_the_scan_is_seen() =>
        (await ScannedAsync($"{Fill}; DROP INDEX refresh_tokens_expiry")).ShouldBe(["refresh_tokens"]);

    private async Task<IReadOnlyList<string>> ScannedAsync(string fill)
    {
        await using var platform = (await TestPlatform.CreateAsync(servers, "auth")).With("RateLimits:Enabled", "false");
        return await TableScans.OfAsync<User>(
            platform,
            "auth",
            Growing,
            fill,
            async auth =>
            {
                var user = new { email = AuthTests.NewEmail(), password = "correct horse" };
                using var browser = new Browser(auth.Address);
                (await browser.Post("/api/users/signup", user)).EnsureSuccessStatusCode();
                (await browser.Post("/api/users/refresh")).EnsureSuccessStatusCode();
                (await browser.Client.GetAsync("/api/users/data")).EnsureSuccessStatusCode();
                (await browser.Post("/api/users/signout")).EnsureSuccessStatusCode();
                (await browser.Post("/api/users/signin", user)).EnsureSuccessStatusCode();
                foreach (var job in (Type[])[typeof(DeleteExpiredSessions), typeof(MaintainKeys), typeof(RekeyAddresses)])
                    await ((Quartz.IJob)ActivatorUtilities.CreateInstance(auth.Services, job)).Execute(null!, TestContext.Current.CancellationToken);
            },
            AuthFixture.Configure);
    }
}
