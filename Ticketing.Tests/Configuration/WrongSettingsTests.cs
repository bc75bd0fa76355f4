using System.Diagnostics;
using Shouldly;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Configuration;

/// <summary>A service with a wrong setting does not start, and says which one it is.</summary>
public sealed class WrongSettingsTests
{
    /// <summary>With these every service gets as far as connecting.</summary>
    private static readonly Dictionary<string, string> Right = new()
    {
        ["ConnectionStrings__auth-db"] = "Host=127.0.0.1;Port=1;Username=u;Password=secret-value;Database=d",
        ["ConnectionStrings__orders-db"] = "Host=127.0.0.1;Port=1;Username=u;Password=secret-value;Database=d",
        ["ConnectionStrings__payments-db"] = "Host=127.0.0.1;Port=1;Username=u;Password=secret-value;Database=d",
        ["ConnectionStrings__rabbitmq"] = "amqp://u:secret-value@127.0.0.1:1",
        ["ConnectionStrings__redis"] = "127.0.0.1:1,password=secret-value",
        ["services__auth__http__0"] = "http://127.0.0.1:1",
        ["services__tickets__http__0"] = "http://127.0.0.1:1",
        ["services__orders__http__0"] = "http://127.0.0.1:1",
        ["services__payments__http__0"] = "http://127.0.0.1:1",
        ["Stripe__SecretKey"] = "secret-value",
        ["Stripe__WebhookSecret"] = "secret-value",
        ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
    };

    [Theory]
    [InlineData("Orders", "ConnectionStrings__orders-db", "")]
    [InlineData("Orders", "ConnectionStrings__orders-db", "secret-value")]
    [InlineData("Orders", "ConnectionStrings__rabbitmq", "")]
    [InlineData("Orders", "ConnectionStrings__rabbitmq", "https://u:secret-value@broker")]
    [InlineData("Orders", "Orders__HoldSeconds", "0", "Orders__HoldSeconds")]
    [InlineData("Orders", "Orders__HoldSeconds", "soon", "Orders:HoldSeconds")]
    [InlineData("Orders", "Retention__Days", "29")]
    [InlineData("Orders", "services__auth__http__0", "auth")]
    [InlineData("Orders", "Shutdown__DrainSeconds", "61")]
    [InlineData("Orders", "Migrations__AtStart", "perhaps", "Migrations:AtStart")]
    [InlineData("Orders", "Authentication__Issuer", "https://tickets.example/")]
    [InlineData("Auth", "SigningKeys__RotationDays", "0")]
    [InlineData("Auth", "ConnectionStrings__redis", "127.0.0.1:1,secret-value=1")]
    [InlineData("Payments", "Stripe__SecretKey", "")]
    [InlineData("Payments", "services__orders__http__0", "")]
    [InlineData("Payments", "Site__PublicOrigin", "tickets.example")]
    [InlineData("Web", "Forwarding__ResponseTimeout", "00:00:00")]
    [InlineData("Web", "Site__PublicOrigin", "https://tickets.example/")]
    [InlineData("Web", "Site__PaymentPages", "checkout")]
    [InlineData("Web", "ForwardedHeaders__KnownNetworks__0", "10.0.0.0/99")]
    public async Task It_is_named_in_one_line_and_the_service_ends(string service, string key, string value, string? named = null)
    {
        var start = new ProcessStartInfo("dotnet", TestFiles.BuiltProgram($"Ticketing.{service}")) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, right) in Right)
            start.Environment[name] = right;
        start.Environment[key] = value;
        using var process = Process.Start(start)!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        finally
        {
            process.Kill();
        }

        process.ExitCode.ShouldBe(1);
        var lines = (await errors).TrimEnd().Split('\n');
        lines.Length.ShouldBe(2, await errors);
        lines[1].ShouldContain(named ?? key);
        (await output + await errors).ShouldNotContain("secret-value");
        (await output + await errors).ShouldNotContain("   at ");
    }
}
