using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using Shouldly;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.StripeSandbox;

/// <summary>The sandbox as a process, killed with SIGKILL while it answers.</summary>
public sealed class SurvivalTests : IDisposable
{
    private const int Workers = 6;

    /// <summary>The states of a payment in the order in which a worker brings them about.</summary>
    private static readonly string[] Course = ["requires_payment_method", "requires_capture", "succeeded"];

    private readonly string directory = Directory.CreateTempSubdirectory("sandbox").FullName;

    [Fact]
    public async Task A_process_killed_under_load_has_everything_that_it_answered()
    {
        var answered = new ConcurrentDictionary<string, (string Id, int Step)>();
        for (var round = 0; round < 3; round++)
        {
            using var killed = await SandboxProcess.StartAsync(directory);
            var enough = answered.Count + 30;
            var load = Enumerable.Range(0, Workers).Select(worker => PayAsync(killed.Client, $"{round}-{worker}", answered)).ToList();
            await Eventually.HoldsAsync(() => Task.FromResult(answered.Count >= enough), "some payments are made");
            killed.Kill();
            await Task.WhenAll(load);
        }

        using var survivor = await SandboxProcess.StartAsync(directory);

        foreach (var (key, (id, step)) in answered)
        {
            var intent = await Answer.ReadAsync(await survivor.Client.GetAsync($"/v1/payment_intents/{id}"));
            // What was under way when it was killed may have been done too.
            Array.IndexOf(Course, intent.Ok().Text("status")).ShouldBeInRange(step, step + 1);
            var again = await PostAsync(survivor.Client, "", Sandbox.NewIntent, key);
            again.Id.ShouldBe(id);
            again.Replayed.ShouldBeTrue();
        }

        var books = await Answer.ReadAsync(await survivor.Client.GetAsync("/sandbox/books"));
        books.Number("pending_deliveries").ShouldBeGreaterThanOrEqualTo(answered.Sum(payment => payment.Value.Step + 1), "an event for each step");
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    /// <summary>Makes payments until the process is gone, and notes how far each was answered.</summary>
    private static async Task PayAsync(HttpClient client, string worker, ConcurrentDictionary<string, (string Id, int Step)> answered)
    {
        try
        {
            for (var number = 0; ; number++)
            {
                var key = $"{worker}-{number}";
                var id = (await PostAsync(client, "", Sandbox.NewIntent, key)).Ok().Id;
                answered[key] = (id, 0);
                (await PostAsync(client, $"/{id}/confirm", "payment_method=pm_card_visa")).Ok();
                answered[key] = (id, 1);
                (await PostAsync(client, $"/{id}/capture", "")).Ok();
                answered[key] = (id, 2);
            }
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException)
        {
            // Killed: what was under way was not answered.
        }
    }

    private static async Task<Answer> PostAsync(HttpClient client, string path, string form, string? key = null)
    {
        using var request = Sandbox.Post($"/v1/payment_intents{path}", form, key);
        using var response = await client.SendAsync(request);
        return await Answer.ReadAsync(response);
    }

    /// <summary>The sandbox as a process of its own.</summary>
    private sealed class SandboxProcess : IDisposable
    {
        private readonly Process process;

        private SandboxProcess(Process process, string address)
        {
            this.process = process;
            Client = new HttpClient { BaseAddress = new Uri(address) };
            Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Sandbox.Key);
        }

        public HttpClient Client { get; }

        public static async Task<SandboxProcess> StartAsync(string directory)
        {
            var start = new ProcessStartInfo("dotnet", [TestFiles.BuiltProgram("Ticketing.StripeSandbox"), "--urls", "http://127.0.0.1:0"])
            {
                RedirectStandardOutput = true,
                Environment =
                {
                    ["Sandbox__DataDirectory"] = directory,
                    ["Sandbox__WebhookUrl"] = "http://127.0.0.1:9/",
                    ["Logging__LogLevel__Default"] = "Warning",
                    ["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Information",
                },
            };
            var process = Process.Start(start)!;
            const string listening = "Now listening on: ";
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                if (line.Contains(listening))
                    return new(process, line.Split(listening)[1].Trim());
            }

            throw new InvalidOperationException("The sandbox ended before it listened.");
        }

        /// <summary>SIGKILL.</summary>
        public void Kill()
        {
            process.Kill();
            process.WaitForExit();
        }

        public void Dispose()
        {
            Kill();
            process.Dispose();
            Client.Dispose();
        }
    }
}
