using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Shouldly;
using Ticketing.ApiDefaults;
using Xunit;

namespace Ticketing.Tests.Authentication;

public sealed class SigningKeyTests
{
    private readonly byte[] stored = SigningKey.Generate();

    [Fact]
    public void Publishes_its_public_half_and_nothing_else()
    {
        using var pair = ECDsa.Create();
        pair.ImportPkcs8PrivateKey(stored, out _);
        var point = pair.ExportParameters(includePrivateParameters: false).Q;
        var (x, y) = (Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));

        JsonSerializer.Serialize(PublishedKeys.Of([new SigningKey("k", stored)]), JsonSerializerOptions.Web).ShouldBe(
            $$"""{"keys":[{"kty":"EC","crv":"P-256","x":"{{x}}","y":"{{y}}","kid":"k","use":"sig","alg":"ES256"}]}""");
    }

    [Fact]
    public void Gives_no_private_half_to_those_who_verify()
    {
        var configuration = SigningKey.ToConfiguration(new SigningKey("k", stored));

        configuration.JsonWebKeySet.Keys.Single().HasPrivateKey.ShouldBeFalse();
        configuration.SigningKeys.Single().ShouldBe(configuration.JsonWebKeySet.Keys.Single());
    }

    /// <summary>The library shares one ECDsa among threads, whose instance members are not promised to be safe for that.</summary>
    [Fact]
    public async Task One_key_signs_and_verifies_for_many_threads()
    {
        var key = new SigningKey("k", stored);
        using var half = ECDsa.Create();
        half.ImportPkcs8PrivateKey(stored, out _);
        var handler = new JsonWebTokenHandler();
        var rules = new TokenValidationParameters
        {
            IssuerSigningKey = new ECDsaSecurityKey(half) { KeyId = "k" },
            ValidateIssuer = false,
            ValidateAudience = false,
        };

        await Parallel.ForAsync(0, 2_000, async (number, _) =>
        {
            var token = SessionToken.Sign(key, new(), Guid.CreateVersion7(), $"{number}@example.com", TimeProvider.System.GetUtcNow(), TimeSpan.FromHours(1));
            (await handler.ValidateTokenAsync(token, rules)).IsValid.ShouldBeTrue();
        });
    }
}
