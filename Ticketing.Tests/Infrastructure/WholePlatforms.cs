using Ticketing.Tests.Infrastructure;
using Ticketing.Tests.Web.Journeys;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(JourneysFirst))]

namespace Ticketing.Tests.Infrastructure;

/// <summary>
/// Tests that start whole platforms again and again, or build projects, run after all others and one by one: each occupies two
/// cores by itself, and what starts beside others takes several times as much processor time.
/// </summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class WholePlatforms;

/// <summary>What takes longest begins first, so that the rest runs beside it.</summary>
public sealed class JourneysFirst : ITestCollectionOrderer
{
    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => collection.TestCollectionDisplayName.Contains(typeof(JourneyCollection).FullName!, StringComparison.Ordinal) ? 0 : 1)];
}
