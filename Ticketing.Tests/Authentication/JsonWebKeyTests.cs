using System.Security.Cryptography;
using System.Text;
using Shouldly;
using Ticketing.ServiceDefaults;
using Xunit;

namespace Ticketing.Tests.Authentication;

public sealed class JsonWebKeyTests
{
    // RFC 7515, appendix A.3: the public key, and the signature over "header.payload".
    private static readonly JsonWebKey Rfc = new("EC", "P-256",
        "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0", "rfc", null, null);

    private const string RfcSigned =
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

    private const string RfcSignature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    [Fact]
    public void Verifies_the_example_of_RFC_7515()
    {
        Rfc.TryImport(out var key).ShouldBeTrue();
        StrictBase64Url.TryDecode(RfcSignature, out var signature).ShouldBeTrue();

        key.Verify(Encoding.ASCII.GetBytes(RfcSigned), signature).ShouldBeTrue();
        key.Verify(Encoding.ASCII.GetBytes(RfcSigned + "A"), signature).ShouldBeFalse();
        key.Verify(Encoding.ASCII.GetBytes(RfcSigned), signature.AsSpan(0, 63)).ShouldBeFalse();
        key.Verify(Encoding.ASCII.GetBytes(RfcSigned), [.. signature, 0]).ShouldBeFalse();
        signature[10] ^= 1;
        key.Verify(Encoding.ASCII.GetBytes(RfcSigned), signature).ShouldBeFalse();
    }

    [Fact]
    public void A_signature_of_zeros_fits_nothing()
    {
        Rfc.TryImport(out var key).ShouldBeTrue();
        key.Verify(Encoding.ASCII.GetBytes(RfcSigned), new byte[64]).ShouldBeFalse();
    }

    [Fact]
    public void One_key_serves_many_threads()
    {
        Rfc.TryImport(out var key).ShouldBeTrue();
        StrictBase64Url.TryDecode(RfcSignature, out var signature).ShouldBeTrue();
        var data = Encoding.ASCII.GetBytes(RfcSigned);

        Parallel.For(0, 2_000, _ => key.Verify(data, signature).ShouldBeTrue());
    }

    public static TheoryData<JsonWebKey> Unusable => new(
        Rfc with { Kty = "RSA" },
        Rfc with { Kty = null },
        Rfc with { Crv = "P-384" },
        Rfc with { Kid = null },
        Rfc with { Kid = "" },
        Rfc with { Use = "enc" },
        Rfc with { Alg = "ES384" },
        Rfc with { X = null },
        Rfc with { X = "AAAA" },
        Rfc with { Y = Rfc.Y + "=" },
        Rfc with { Y = Rfc.X });

    [Theory]
    [MemberData(nameof(Unusable))]
    public void Skips_keys_of_other_kinds_and_points_off_the_curve(JsonWebKey key) =>
        key.TryImport(out _).ShouldBeFalse();

    [Fact]
    public void Publishes_no_private_part()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var published = JsonWebKey.From("k", pair.ExportParameters(includePrivateParameters: true));

        System.Text.Json.JsonSerializer.Serialize(published, System.Text.Json.JsonSerializerOptions.Web)
            .ShouldBe($$"""{"kty":"EC","crv":"P-256","x":"{{published.X}}","y":"{{published.Y}}","kid":"k","use":"sig","alg":"ES256"}""");
    }
}
