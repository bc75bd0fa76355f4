using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Ticketing.Auth.Sessions;
using Xunit;

namespace Ticketing.Tests.Auth;

public sealed class DeleteExpiredSessionsTests(AuthFixture fixture) : AuthTests(fixture)
{
    [Fact]
    public async Task Deletes_what_ended_over_a_day_ago_and_nothing_that_could_still_be_used()
    {
        await SignedUp();
        var (renewed, user) = await SignedUp();
        await using var connection = await Platform.OpenAsync("auth");
        await connection.ExecuteAsync(
            """
            INSERT INTO refresh_tokens (hash, family_id, expires_at)
            SELECT sha256(int4send(n)), id, @past FROM refresh_families, generate_series(1, 2500) AS n WHERE user_id = @Id
            """,
            new { user.Id, past = Platform.Clock.GetUtcNow().AddDays(-3) });

        Platform.Clock.Turn(TimeSpan.FromDays(13));
        (await renewed.Post("/api/users/refresh")).EnsureSuccessStatusCode();
        Platform.Clock.Turn(TimeSpan.FromDays(2.1));

        (await Job().RunAsync(TestContext.Current.CancellationToken)).ShouldBe(2502);
        (await connection.QuerySingleAsync<int>("SELECT count(*)::integer FROM refresh_families")).ShouldBe(1);
        (await connection.QuerySingleAsync<int>("SELECT count(*)::integer FROM refresh_tokens")).ShouldBe(1);
        (await renewed.Post("/api/users/refresh")).EnsureSuccessStatusCode();
    }

    private DeleteExpiredSessions Job() => ActivatorUtilities.CreateInstance<DeleteExpiredSessions>(Auth.Services);
}
