using System.Net;
using Dapper;
using Shouldly;
using Ticketing.Tests.Auth;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Flaws;

/// <summary>
/// 12. Two sign-ups with one address at the same time both succeed. The guard: a unique index decides, not a look.
/// (That tokens expire: <see cref="Flaw12EternalTokenTests"/>.)
/// </summary>
public sealed class Flaw12DoubleSignUpTests(Servers servers)
{
    private const int Clients = 50;

    [Fact]
    public async Task Of_50_sign_ups_with_one_address_exactly_one_succeeds()
    {
        var answers = await SignUpAtOnceAsync(dropIndex: false);

        answers.Count(status => status == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(status => status == HttpStatusCode.BadRequest).ShouldBe(Clients - 1);
    }

    [Fact]
    public async Task Control_without_the_index_all_who_looked_in_time_succeed()
    {
        var answers = await SignUpAtOnceAsync(dropIndex: true);

        answers.Count(status => status == HttpStatusCode.Created).ShouldBeGreaterThan(1);
    }

    private async Task<IReadOnlyList<HttpStatusCode>> SignUpAtOnceAsync(bool dropIndex)
    {
        var fixture = new AuthFixture(servers);
        await fixture.InitializeAsync();
        await using var platform = fixture.Platform;
        var replicas = new[] { fixture.Auth, await fixture.StartReplica() };
        await using var connection = await platform.OpenAsync("auth");
        if (dropIndex)
            await connection.ExecuteAsync("DROP INDEX users_normalized_email");

        // Nobody writes until one of each replica has looked and wants to; a replica lets in as many as it has cores.
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("LOCK TABLE users IN EXCLUSIVE MODE", transaction: transaction);
        var email = AuthTests.NewEmail();
        var answers = Task.WhenAll(Enumerable.Range(0, Clients).Select(async index =>
        {
            using var browser = new Browser(replicas[index % 2].Address);
            using var answer = await browser.Post("/api/users/signup", new
            {
                email = index % 3 == 0 ? email.ToUpperInvariant() : email,
                password = "correct horse",
            });
            return answer.StatusCode;
        }));
        await platform.WaitingAsync("auth", 2);
        await transaction.CommitAsync();
        return await answers;
    }
}
