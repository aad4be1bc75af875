using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Tape.Api.Documents;
using Tape.Api.Routes;
using Tape.Api.Text;

namespace Tape.Api;

/// <summary>The JSON contracts of all documents, generated when the program is built.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HealthDocument))]
[JsonSerializable(typeof(StatusDocument))]
[JsonSerializable(typeof(StreamsDocument))]
[JsonSerializable(typeof(GapsDocument))]
[JsonSerializable(typeof(InstrumentsDocument))]
[JsonSerializable(typeof(CandlesDocument))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(Question))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class DocumentContext : JsonSerializerContext;

/// <summary>How documents are written and read: names in snake case, text left readable.</summary>
internal static class DocumentJson
{
    /// <summary>The options with which documents are read and written.</summary>
    public static JsonSerializerOptions Readable { get; } = Apply(new JsonSerializerOptions());

    /// <summary>The same for rows of a table, whose nulls are written.</summary>
    public static JsonSerializerOptions Rows { get; } = new(Readable) { DefaultIgnoreCondition = JsonIgnoreCondition.Never };

    /// <summary>Gives these contracts to the framework.</summary>
    public static JsonSerializerOptions Apply(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.RespectNullableAnnotations = true;
        options.TypeInfoResolverChain.Insert(0, DocumentContext.Default.WithAddedModifier(Refine));
        return options;
    }

    /// <summary>What is never left out is required of a reader, too; the moment of the ledger is told, even as null, once the ledger was read.</summary>
    private static void Refine(JsonTypeInfo contract)
    {
        if (contract.Type.Namespace != typeof(StatusDocument).Namespace) return;
        foreach (var property in contract.Properties)
        {
            var isAlwaysWritten = property.AttributeProvider?.IsDefined(typeof(JsonIgnoreAttribute), inherit: true) == true;
            if (contract.Type == typeof(RecentDocument) && isAlwaysWritten) property.ShouldSerialize = (recent, _) => ((RecentDocument)recent).Gaps is not null;
            else property.IsRequired = isAlwaysWritten || !property.IsGetNullable;
        }
    }
}
