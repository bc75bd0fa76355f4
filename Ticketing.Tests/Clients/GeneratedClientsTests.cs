using System.Diagnostics;
using System.Runtime.Loader;
using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NJsonSchema.CodeGeneration.CSharp;
using NSwag;
using NSwag.CodeGeneration.CSharp;
using NSwag.CodeGeneration.OperationNameGenerators;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Tests.Web.Journeys;
using Xunit;

namespace Ticketing.Tests.Clients;

/// <summary>
/// Clients are generated from the documents of the running site, compiled and used to buy tickets: by NSwag for C#, by
/// openapi-typescript for TypeScript. What they do is in the folders beside this file.
/// </summary>
[Collection(typeof(JourneyCollection))]
public sealed class GeneratedClientsTests(RunningPlatform platform)
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Clients");

    [Fact]
    public async Task A_generated_client_in_CSharp_buys_tickets()
    {
        List<string> sources = [await File.ReadAllTextAsync(Path.Combine(Folder, "CSharp", "Purchase.cs"))];
        foreach (var (document, name) in new[] { ("auth", "Auth"), ("tickets", "Tickets"), ("orders", "Orders"), ("payments", "Payments") })
            sources.Add(await GenerateAsync(document, $"Ticketing.Clients.{name}"));
        var purchase = Compile(sources).GetType("Ticketing.Clients.Purchase")!.GetMethod("RunAsync")!
            .CreateDelegate<Func<Uri, Task<(string Status, decimal Amount)>>>();

        (await purchase(platform.Site)).ShouldBe(("Complete", 85m));
    }

    [Fact]
    public async Task A_generated_client_in_TypeScript_buys_tickets()
    {
        var folder = Path.Combine(Folder, "TypeScript");
        // npm writes it when it has installed everything.
        var installed = File.GetLastWriteTimeUtc(Path.Combine(folder, "node_modules", ".package-lock.json"));
        if (installed < File.GetLastWriteTimeUtc(Path.Combine(folder, "package-lock.json")))
            await RunAsync(folder, "ci");
        await RunAsync(folder, "run", "generate");
        await RunAsync(folder, "run", "compile");

        var order = JsonNode.Parse(await RunAsync(folder, "run", "--silent", "purchase"))!;

        order["status"]!.GetValue<string>().ShouldBe(OrderStatus.Complete);
        order["amount"]!.GetValue<decimal>().ShouldBe(85);
    }

    private async Task<string> GenerateAsync(string document, string @namespace)
    {
        using var http = new HttpClient { BaseAddress = platform.Site };
        var api = await OpenApiDocument.FromJsonAsync(await http.GetStringAsync($"/openapi/{document}.json"));
        return new CSharpClientGenerator(api, new()
        {
            ClassName = "Client",
            UseBaseUrl = false,
            OperationNameGenerator = new SingleClientFromOperationIdOperationNameGenerator(),
            CSharpGeneratorSettings =
            {
                Namespace = @namespace,
                // System.Text.Json reads no enum by its EnumMember, such as "awaiting:payment".
                JsonLibrary = CSharpJsonLibrary.NewtonsoftJson,
                GenerateNullableReferenceTypes = true,
                GenerateOptionalPropertiesAsNullable = true,
            },
        }).GenerateFile();
    }

    private static System.Reflection.Assembly Compile(IEnumerable<string> sources)
    {
        var frameworks = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        // As ImplicitUsings of a project would have it.
        const string usings = "global using System; global using System.Linq; global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";
        var compilation = CSharpCompilation.Create(
            "Ticketing.Clients",
            sources.Append(usings).Select(source => CSharpSyntaxTree.ParseText(source)),
            frameworks.Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        using var assembly = new MemoryStream();
        compilation.Emit(assembly).Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ShouldBeEmpty();
        assembly.Position = 0;
        return AssemblyLoadContext.Default.LoadFromStream(assembly);
    }

    /// <summary>Runs npm and gives what it wrote.</summary>
    private async Task<string> RunAsync(string folder, params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("npm", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SITE"] = platform.Site.GetLeftPart(UriPartial.Authority);
        using var npm = Process.Start(start)!;
        try
        {
            var (output, errors) = (npm.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), npm.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
            await npm.WaitForExitAsync(TestContext.Current.CancellationToken);
            npm.ExitCode.ShouldBe(0, $"npm {string.Join(' ', arguments)}: {await output}{await errors}");
            return await output;
        }
        finally
        {
            if (!npm.HasExited)
                npm.Kill(entireProcessTree: true);
        }
    }
}
