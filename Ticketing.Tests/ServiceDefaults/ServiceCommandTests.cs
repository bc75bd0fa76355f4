using System.CommandLine;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Npgsql;
using Shouldly;
using Ticketing.Payments;
using Ticketing.ServiceDefaults;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.ServiceDefaults;

public sealed class ServiceCommandTests
{
    private string[]? built;
    private bool done;
    private int started;

    [Theory]
    [InlineData("Auth", "--migrate", "--republish")]
    [InlineData("Tickets", "--migrate", "--republish", "--requeue-errors")]
    [InlineData("Orders", "--migrate", "--republish", "--requeue-errors")]
    [InlineData("Payments", "--migrate", "--republish", "--requeue-errors", "--unknown-money-since <time>")]
    [InlineData("Expiration", "--requeue-errors")]
    [InlineData("Web")]
    public async Task Help_needs_no_setting_and_says_what_each_command_does(string service, params string[] commands)
    {
        var (exitCode, output, errors) = await RunProgramAsync(service, "--help");

        (exitCode, errors).ShouldBe((0, ""));
        var lines = output.Split('\n').Select(line => line.Trim()).ToList();
        lines.Where(line => line.StartsWith("--", StringComparison.Ordinal) && !line.StartsWith("--version", StringComparison.Ordinal))
            .Select(line => line[..line.IndexOf(" <settings>", StringComparison.Ordinal)]).ShouldBe(commands);
        lines.ShouldAllBe(line => !line.EndsWith("<settings>", StringComparison.Ordinal), "each has a description");
    }

    [Theory]
    [InlineData("Orders", "--mirgate", "'--mirgate'")]
    [InlineData("Payments", "--unknown-money-since", "'time'")]
    [InlineData("Payments", "--unknown-money-since yesterday", "wants a time")]
    public async Task What_is_not_understood_is_said_and_nothing_is_done(string service, string args, string said)
    {
        var (exitCode, _, errors) = await RunProgramAsync(service, args.Split(' '));

        exitCode.ShouldBe(1);
        errors.Trim().Split('\n').ShouldHaveSingleItem().ShouldContain(said);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--urls http://127.0.0.1:0")]
    [InlineData("--urls=http://127.0.0.1:0 --ConnectionStrings:orders-db=Host=a;Port=1 Orders:HoldSeconds=5")]
    [InlineData("--Stripe:SecretKey @not-a-file --environment Production")]
    public async Task Configuration_reaches_the_service_as_it_is_written(string args)
    {
        string[] settings = [.. args.Split(' ', StringSplitOptions.RemoveEmptyEntries)];

        (await RunAsync(["--do", .. settings])).ShouldBe(0);
        built.ShouldBe(settings);
        done.ShouldBeTrue();
        done = false;
        (await RunAsync([.. settings, "--do"])).ShouldBe(0);
        built.ShouldBe(settings);
        done.ShouldBeTrue();
    }

    [Theory]
    [InlineData("--redo")]
    [InlineData("do")]
    [InlineData("-d")]
    [InlineData("--do true")]
    [InlineData("--do --other")]
    [InlineData("--do --do")]
    [InlineData("--redo --urls=http://127.0.0.1:0")]
    public async Task A_word_that_is_no_setting_is_refused(string args)
    {
        (await RunAsync(args.Split(' '))).ShouldBe(1);
        built.ShouldBeNull();
    }

    [Fact]
    public async Task A_command_does_not_start_the_service()
    {
        (await RunAsync(["--do"])).ShouldBe(0);
        (await RunAsync(["--urls", "http://127.0.0.1:0"])).ShouldBe(0);
        started.ShouldBe(1, "the service itself starts it");
    }

    [Fact]
    public async Task What_an_operator_can_mend_is_a_line_and_a_mistake_of_ours_is_not_hidden()
    {
        (await RunAsync(["--do"], () => throw new TimeoutException("The database is away."))).ShouldBe(1);
        (await RunAsync(["--do"], () => throw new NpgsqlException("The database refuses."))).ShouldBe(1);
        (await RunAsync(["--do"], () => throw new SettingException("Key", "It is missing."))).ShouldBe(1);
        await Should.ThrowAsync<InvalidOperationException>(() => RunAsync(["--do"], () => throw new InvalidOperationException("A mistake.")));
    }

    [Theory]
    [InlineData("2026-11-21T06:00:00Z")]
    [InlineData("2026-11-21T06:00:00")]
    [InlineData("2026-11-21T07:00:00+01:00")]
    public void A_time_without_a_zone_is_utc(string time) =>
        new RootCommand { ReturnUnknownMoney.Command }.Parse(["--unknown-money-since", time]).GetValue<DateTimeOffset>("time")
            .ShouldBe(new(2026, 11, 21, 6, 0, 0, TimeSpan.Zero));

    private Task<int> RunAsync(string[] args, Action? work = null) => new ServiceCommand("A service.", Build)
        .With(new("--do", "Does something"), (_, _, _) =>
        {
            work?.Invoke();
            done = true;
            return Task.FromResult(0);
        })
        .With(new("--other", "Does something else"), (_, _, _) => Task.FromResult(0))
        .RunAsync(args);

    private WebApplication Build(string[] settings)
    {
        built = settings;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            started++;
            app.Lifetime.StopApplication();
        });
        return app;
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunProgramAsync(string service, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [TestFiles.BuiltProgram($"Ticketing.{service}"), .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await errors);
    }
}
