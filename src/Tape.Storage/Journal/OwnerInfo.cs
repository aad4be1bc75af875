using System.Text.Json.Serialization;

namespace Tape.Storage.Journal;

/// <summary>Who holds a lock, written beside it for those who find it taken.</summary>
/// <param name="Program">What runs, as a person would call it: <c>tape collect</c>.</param>
/// <param name="Process">The process id.</param>
/// <param name="StartedAt">When it started, by its wall clock.</param>
/// <param name="Port">The port on which it answers, where it does.</param>
public sealed record OwnerInfo(string Program, int Process, UnixNanos StartedAt, int? Port = null)
{
    public override string ToString() => $"{Program}, process {Process}, started {StartedAt}{(Port is { } port ? $", port {port}" : "")}";
}

/// <summary>The owner file's JSON.</summary>
internal sealed record OwnerFile(string Program, int Process, long StartedAt, int? Port);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OwnerFile))]
internal sealed partial class OwnerJson : JsonSerializerContext;
