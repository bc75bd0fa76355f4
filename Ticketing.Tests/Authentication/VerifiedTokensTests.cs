using Microsoft.Extensions.Options;
using Shouldly;
using Ticketing.ServiceDefaults;
using Xunit;

namespace Ticketing.Tests.Authentication;

/// <summary>A token that was verified is remembered, and refused in every case in which it would be without that.</summary>
public sealed class VerifiedTokensTests : IDisposable
{
    private readonly TestKey key = new("k1");
    private readonly TurnedClock clock = new(new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero));
    private readonly Published published = new();
    private readonly SessionTokenReader reader;
    private readonly string token;

    public VerifiedTokensTests()
    {
        published.Key = Imported(key);
        reader = new(published, Options.Create(new SessionTokenOptions()), clock);
        var now = clock.GetUtcNow();
        token = key.Sign(new(Guid.CreateVersion7(), Guid.CreateVersion7(), "ann@example.com", now, now.AddMinutes(15)));
    }

    public void Dispose() => key.Dispose();

    [Fact]
    public async Task It_is_good_until_it_expires()
    {
        (await ReadAsync()).ShouldBe(await ReadAsync());
        clock.Turn(TimeSpan.FromSeconds(929));
        (await ReadAsync()).Failure.ShouldBeNull();
        clock.Turn(TimeSpan.FromSeconds(1));
        (await ReadAsync()).Failure.ShouldBe("expired");
    }

    [Fact]
    public async Task When_its_key_is_withdrawn_it_is_refused()
    {
        (await ReadAsync()).Failure.ShouldBeNull();
        published.Key = null;
        (await ReadAsync()).Failure.ShouldBe("an unknown key");
    }

    [Fact]
    public async Task When_another_key_has_its_name_it_is_refused()
    {
        (await ReadAsync()).Failure.ShouldBeNull();
        using var other = new TestKey("k1");
        published.Key = Imported(other);
        (await ReadAsync()).Failure.ShouldBe("the signature does not fit");
    }

    [Fact]
    public async Task A_single_other_letter_makes_it_another_token()
    {
        (await ReadAsync()).Failure.ShouldBeNull();
        var letters = token.ToCharArray();
        letters[^10] = letters[^10] == 'A' ? 'B' : 'A';
        (await reader.ReadAsync(new string(letters), CancellationToken.None)).Failure.ShouldBe("the signature does not fit");
    }

    [Fact]
    public void Those_that_are_used_stay_and_there_are_never_many()
    {
        var tokens = new VerifiedTokens(generation: 10);
        var verified = new VerifiedTokens.Verified("k1", Imported(key), new("", "", default, "", default, 0, 0, 0));
        tokens.Add("used", verified);
        for (var i = 0; i < 100; i++)
        {
            tokens.Add($"{i}", verified);
            tokens.Find("used").ShouldNotBeNull();
        }
        Enumerable.Range(0, 100).Count(i => tokens.Find($"{i}") is not null).ShouldBeInRange(1, 20);
    }

    private static VerificationKey Imported(TestKey key) => key.Published.TryImport(out var imported) ? imported : throw new InvalidOperationException();

    private ValueTask<SessionTokenResult> ReadAsync() => reader.ReadAsync(token, CancellationToken.None);

    private sealed class Published : IJsonWebKeys
    {
        public VerificationKey? Key { get; set; }

        public ValueTask<VerificationKey?> FindAsync(string kid, CancellationToken cancellationToken) => new(Key);
    }
}
