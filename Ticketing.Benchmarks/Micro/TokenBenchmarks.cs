using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Options;
using Ticketing.ServiceDefaults;

namespace Ticketing.Benchmarks.Micro;

/// <summary>The session check of every request (<see cref="SessionTokenReader"/>).</summary>
public class TokenBenchmarks
{
    /// <summary>More than a reader remembers, so that each is forgotten when its turn comes again.</summary>
    private const int Tokens = 40_000;

    private readonly string[] tokens = new string[Tokens];
    private SessionTokenReader reader = null!;
    private SessionTokenReader remembering = null!;
    private int next;

    [GlobalSetup]
    public void Sign()
    {
        var key = new SigningKey("benchmark", SigningKey.Generate());
        var options = new SessionTokenOptions();
        var now = TimeProvider.System.GetUtcNow();
        for (var number = 0; number < Tokens; number++)
        {
            var user = Guid.CreateVersion7();
            var token = new SessionToken(Guid.CreateVersion7(), user, $"{user:N}@example.test", now, now.AddDays(1));
            tokens[number] = key.Use(signer => SessionTokenWriter.Write(token, options, key.Kid, signer));
        }
        (reader, remembering) = (Reader(), Reader());

        SessionTokenReader Reader() => new(new Keys(key.Verifier), Options.Create(options), TimeProvider.System);
    }

    [Benchmark(Description = "token, verified")]
    public SessionToken FirstTime() => Read(reader, tokens[next = (next + 1) % Tokens]);

    [Benchmark(Description = "token, remembered")]
    public SessionToken Remembered() => Read(remembering, tokens[0]);

    // With the keys at hand it never waits.
    private static SessionToken Read(SessionTokenReader reader, string token)
    {
        var reading = reader.ReadAsync(token, CancellationToken.None);
        return reading is { IsCompletedSuccessfully: true, Result.Token: { } read } ? read : throw new InvalidOperationException("A good token was refused.");
    }

    private sealed class Keys(VerificationKey key) : IJsonWebKeys
    {
        public ValueTask<VerificationKey?> FindAsync(string kid, CancellationToken cancellationToken) => new(kid == key.Kid ? key : null);
    }
}
